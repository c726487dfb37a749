import { ecsFormat } from '@elastic/ecs-pino-format';
import { pino, type DestinationStream, type Logger } from 'pino';
import { errorFields, isError } from './error-fields';
import { cleanLine } from './line';

export type { Logger } from 'pino';

/** How much is logged: nothing less severe than this. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface LoggerOptions {
  /** ECS `service.name`. */
  readonly service: string;
  /** ECS `service.version`. */
  readonly version: string;
  readonly level: LogLevel;
  /** Where lines go: standard output, written at once, unless given. */
  readonly destination?: DestinationStream;
}

/**
 * A pino logger that writes JSON lines in ECS fields. An error goes under `err`: `logger.error({ err }, 'what failed')`
 * writes its type, message, code and the stacks of it and its causes. Whatever is logged, secrets are masked and long
 * values cut; see `cleanLine`.
 */
export function createLogger({ service, version, level, destination }: LoggerOptions): Logger {
  const ecs = ecsFormat({ serviceName: service, serviceVersion: version, convertErr: false, apmIntegration: false });
  // Written at once, so that the last line before a crash is not lost.
  const output = destination ?? pino.destination({ fd: 1, sync: true });
  const { formatters } = ecs;
  return pino(
    {
      ...ecs,
      level,
      // An error in a child's bindings would be written by pino's own serializer, with all its properties.
      serializers: { err: errorFields },
      formatters: {
        ...formatters,
        log: (fields) => {
          const { err, ...rest } = formatters?.log?.(fields) ?? fields;
          return err === undefined ? withoutErrors(rest) : { ...withoutErrors(rest), error: errorFields(err) };
        },
      },
    },
    { write: (line) => output.write(cleanLine(line)) },
  );
}

/** A logger that writes nothing: for tests and for commands that print their own lines. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}

/** An error under a name of its own would be written with whatever its driver hung on it. */
function withoutErrors(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.values(fields).some((value) => isError(value))
    ? Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, isError(value) ? errorFields(value) : value]),
      )
    : fields;
}
