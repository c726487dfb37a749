import type { Connection } from '../connection/connection';
import type { ConnectionPool } from '../connection/pool';
import { hostPort, parseServiceUrl, type Endpoint } from '../connection/service-url';
import { PulsarError } from '../errors';
import * as c from '../wire/commands';
import type { MessageOf } from '../wire/message-type';
import { serverError } from '../wire/server-error';

type Response = ReturnType<typeof c.LookupResponse.read>;
type PartitionsResponse = ReturnType<typeof c.PartitionsResponse.read>;
type SchemaResponse = ReturnType<typeof c.GetSchemaResponse.read>;
/** A schema as the broker has it. */
export type WireSchema = ReturnType<typeof c.Schema.read>;
export type { MessageOf };

const REDIRECT = 0;
const FAILED = 2;
const MAX_REDIRECTS = 20;

/** Questions that any broker can answer: who serves a topic, how many partitions it has, what its schema is. */
export class Lookup {
  constructor(
    private readonly pool: ConnectionPool,
    private readonly listenerName: string | undefined,
  ) {}

  /** The broker that serves `topic`: redirects are followed, and a proxy is gone through when the broker says so. */
  async broker(topic: string): Promise<Endpoint> {
    let connection = await this.pool.service();
    let authoritative = false;
    for (let hops = 0; hops < MAX_REDIRECTS; hops++) {
      const answer: Response = await connection.request(c.Type.LOOKUP, `lookup of ${topic}`, c.Lookup, (requestId) => ({
        topic,
        requestId,
        authoritative,
        listenerName: this.listenerName,
      }));
      if (answer.response === FAILED) throw serverError(answer.error ?? 0, answer.message ?? '', { topic });
      const target = endpointOf(connection, answer);
      if (answer.response !== REDIRECT) return target;
      authoritative = answer.authoritative ?? false;
      connection = await this.pool.get(target);
    }
    throw new PulsarError('SERVICE_NOT_READY', `the brokers send each other ${topic} in a circle`, {
      details: { topic },
    });
  }

  /** How many partitions a topic has; 0 when it is not partitioned. */
  async partitions(topic: string): Promise<number> {
    const connection = await this.pool.service();
    const answer: PartitionsResponse = await connection.request(
      c.Type.PARTITIONS,
      `partitions of ${topic}`,
      c.Partitions,
      (requestId) => ({
        topic,
        requestId,
      }),
    );
    return answer.partitions ?? 0;
  }

  /** A version of a topic's schema, the newest by default. Raises SCHEMA_NOT_FOUND. */
  async schema(
    topic: string,
    version: Uint8Array | undefined,
  ): Promise<{ schema: WireSchema; version: Buffer | undefined }> {
    const connection = await this.pool.service();
    try {
      const answer: SchemaResponse = await connection.request(
        c.Type.GET_SCHEMA,
        `schema of ${topic}`,
        c.GetSchema,
        (requestId) => ({
          requestId,
          topic,
          version,
        }),
      );
      if (answer.schema) return { schema: answer.schema, version: answer.version && Buffer.from(answer.version) };
    } catch (error) {
      if (!(error instanceof PulsarError) || error.code !== 'TOPIC_NOT_FOUND') throw error;
    }
    throw new PulsarError('SCHEMA_NOT_FOUND', `${topic} has no such schema`, { details: { topic } });
  }
}

function endpointOf(connection: Connection, answer: Response): Endpoint {
  const { tls } = connection.endpoint;
  const url = tls ? answer.brokerUrlTls : answer.brokerUrl;
  if (url === undefined || url === '') {
    throw new PulsarError('SERVICE_NOT_READY', `the broker has no ${tls ? 'TLS ' : ''}address for the topic`);
  }
  const [broker] = parseServiceUrl(url);
  if (!answer.throughProxy) return broker;
  const { host, port } = connection.endpoint;
  return { host, port, tls, proxyTo: hostPort(broker) };
}
