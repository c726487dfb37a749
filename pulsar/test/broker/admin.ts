/** What the tests ask of a broker's admin API (https://pulsar.apache.org/admin-rest-api/). */
export class Admin {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async healthy(): Promise<boolean> {
    try {
      return (await (await this.fetch('GET', 'brokers/health')).text()) === 'ok';
    } catch {
      return false;
    }
  }

  /** A namespace of the tenant `public`, with policies by their path in the API. */
  async createNamespace(name: string, policies: Record<string, unknown> = {}): Promise<void> {
    await this.call('PUT', `namespaces/public/${name}`, {
      bundles: { boundaries: ['0x00000000', '0xffffffff'], numBundles: 1 },
    });
    for (const [path, value] of Object.entries(policies))
      await this.call('POST', `namespaces/public/${name}/${path}`, value);
  }

  async createTopic(topic: string, partitions = 0): Promise<void> {
    if (partitions > 0) await this.call('PUT', `${path(topic)}/partitions`, partitions);
    else await this.call('PUT', path(topic));
  }

  async addPartitions(topic: string, partitions: number): Promise<void> {
    await this.call('POST', `${path(topic)}/partitions`, partitions);
  }

  /** Takes the topic off its broker; clients have to look it up again. */
  async unload(topic: string): Promise<void> {
    await this.call('PUT', `${path(topic)}/unload`);
  }

  async terminate(topic: string): Promise<void> {
    await this.call('POST', `${path(topic)}/terminate`);
  }

  async grant(namespace: string, role: string, actions: ('produce' | 'consume')[]): Promise<void> {
    await this.call('POST', `namespaces/public/${namespace}/permissions/${role}`, actions);
  }

  async stats(topic: string): Promise<{
    msgInCounter: number;
    subscriptions: Record<
      string,
      { msgBacklog: number; unackedMessages: number; consumers: { availablePermits: number }[] }
    >;
  }> {
    return (await (await this.call('GET', `${path(topic)}/stats`)).json()) as never;
  }

  async registerSchema(topic: string, type: 'JSON' | 'AVRO', schema: object): Promise<void> {
    const name = topic.replace(/^persistent:\/\//, '');
    await this.call('POST', `schemas/${name}/schema`, { type, schema: JSON.stringify(schema), properties: {} });
  }

  /** Calls `path` under /admin/v2. Raises what the broker says when it refuses. */
  async call(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await this.fetch(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  private fetch(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}/admin/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
  }
}

// persistent://tenant/namespace/topic as a path of the API.
function path(topic: string): string {
  return topic.replace('://', '/');
}
