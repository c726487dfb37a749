import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin } from './admin';
import { writeConfiguration, type Ports } from './configuration';
import { makeToken, TestAuthority } from './credentials';
import { findRuntime, type Runtime } from './distribution';

const READY_MS = 60_000;

/** How a broker is started. */
export interface BrokerOptions {
  /** Clients must say who they are (TLS certificate or token), and may do only what they were granted. */
  authorization?: boolean;
  /** Further settings of `standalone.conf`. */
  settings?: Record<string, string> | ((ports: Ports) => Record<string, string>);
}

/**
 * A real broker of its own: own ports, own folder, at most 384 MiB of heap. States: *stopped* → `start` → *running* →
 * `stop` or `kill` → *stopped*, with its data and ports kept for another `start`; `remove` ends it all.
 */
export class TestBroker {
  readonly admin: Admin;
  /** Milliseconds that the last start took until the broker was ready. */
  startedInMs = 0;
  private process: ChildProcess | undefined;
  private readonly secret: Buffer;

  private constructor(
    private readonly runtime: Runtime,
    readonly folder: string,
    readonly ports: Ports,
    readonly authority: TestAuthority,
    private readonly configuration: string,
    secret: Buffer,
  ) {
    this.secret = secret;
    this.admin = new Admin(`http://127.0.0.1:${ports.admin}`, makeToken(secret, 'admin'));
  }

  /** A broker that is ready. Raises why there is none, with the end of its log. */
  static async start(options: BrokerOptions = {}): Promise<TestBroker> {
    const runtime = await findRuntime();
    const folder = mkdtempSync(join(tmpdir(), 'emitter-pulsar-'));
    const [plain, tls, admin, bookie] = (await freePorts(4)) as [number, number, number, number];
    const ports = { plain, tls, admin, bookie };
    const authority = new TestAuthority(join(folder, 'tls'));
    const secret = randomBytes(32);
    const secretFile = join(folder, 'token.secret');
    writeFileSync(secretFile, secret);
    const security = {
      ca: authority.ca,
      ...authority.issue('broker'),
      ...(options.authorization && { authorization: { secretFile, adminToken: makeToken(secret, 'admin') } }),
    };
    const settings = typeof options.settings === 'function' ? options.settings(ports) : (options.settings ?? {});
    const home = runtime.kind === 'java' ? runtime.home : folder;
    const configuration = writeConfiguration(home, folder, ports, security, settings);
    const broker = new TestBroker(runtime, folder, ports, authority, configuration, secret);
    await broker.start();
    return broker;
  }

  get url(): string {
    return `pulsar://127.0.0.1:${this.ports.plain}`;
  }

  get tlsUrl(): string {
    return `pulsar+ssl://localhost:${this.ports.tls}`;
  }

  /** The folder of the distribution, for its command line tools. */
  get home(): string {
    if (this.runtime.kind !== 'java') throw new Error('the command line tools need Java');
    return this.runtime.home;
  }

  token(role: string, expiresInSeconds?: number): string {
    return makeToken(this.secret, role, expiresInSeconds);
  }

  /** Starts it, again if need be, and waits until it is ready. */
  async start(): Promise<void> {
    const began = Date.now();
    const log = openSync(join(this.folder, 'broker.log'), 'a');
    const { command, args, env } = this.commandLine();
    this.process = spawn(command, args, {
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    const exited = new Promise<never>((_, reject) =>
      this.process?.once('exit', (code) => reject(new Error(`the broker ended with ${code}`))),
    );
    exited.catch(() => undefined);
    try {
      await Promise.race([this.ready(began + READY_MS), exited]);
    } catch (error) {
      const end = readFileSync(join(this.folder, 'broker.log'), 'utf8').slice(-3_000);
      await this.kill();
      throw new Error(`${(error as Error).message}; its log ends with:\n${end}`, { cause: error });
    }
    this.startedInMs = Date.now() - began;
  }

  /** Asks it to end, and waits. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** kill -9. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Stops it and deletes its folder. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { process: child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    // The whole group: the script that started Java, and Java.
    const send = (what: NodeJS.Signals): void => {
      try {
        process.kill(-child.pid!, what);
      } catch {
        // Gone already.
      }
    };
    send(signal);
    await Promise.race([exited, sleep(20_000, undefined, { ref: false }).then(() => send('SIGKILL'))]);
    await exited;
  }

  private async ready(deadline: number): Promise<void> {
    while (Date.now() < deadline) {
      if (await this.admin.healthy()) return;
      await sleep(200);
    }
    throw new Error(`the broker was not ready in ${READY_MS} ms`);
  }

  private commandLine(): { command: string; args: string[]; env: Record<string, string> } {
    const data = join(this.folder, 'data');
    mkdirSync(data, { recursive: true });
    const env = {
      PULSAR_MEM: '-Xms128m -Xmx384m -XX:MaxDirectMemorySize=256m',
      PULSAR_GC: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1',
      PULSAR_LOG_DIR: join(this.folder, 'log'),
      PULSAR_STANDALONE_CONF: this.configuration,
    };
    const standalone = [
      'standalone',
      '--config',
      this.configuration,
      '-nfw',
      '-nss',
      '--metadata-dir',
      join(data, 'metadata'),
    ];
    standalone.push('--bookkeeper-dir', join(data, 'bookkeeper'), '--bookkeeper-port', String(this.ports.bookie));
    if (this.runtime.kind === 'java') return { command: join(this.runtime.home, 'bin/pulsar'), args: standalone, env };
    const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const mount = ['-v', `${this.folder}:${this.folder}`, '--user', '0', '--network', 'host', '--rm', '--init'];
    return {
      command: 'docker',
      args: ['run', ...mount, ...variables, this.runtime.image, 'bin/pulsar', ...standalone],
      env: {},
    };
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
