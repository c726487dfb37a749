import { isLoopback } from '../grpc/address';
import {
  declareConfig,
  type BrokenRule,
  type ConfigDeclaration,
  type DeclarationOptions,
  type Fields,
  type NoFields,
  type ValuesOf,
} from './declaration';
import { boolean, duration, oneOf, port, text } from './fields';

const network = 'Network';

/** The settings that every service has. */
export const serviceFields = {
  host: text({
    doc: 'The address to listen on, for calls, health and metrics.',
    default: '127.0.0.1',
    placeholder: 'ADDRESS',
    matches: { pattern: /^[^\s/@]+$/, as: 'an IP address or a host name' },
    group: network,
  }),
  port: port({ doc: 'The port for gRPC calls.', default: 50_051, group: network }),
  healthPort: port({ doc: 'The port for grpc.health.v1, status only.', default: 50_052, group: network }),
  metricsPort: port({ doc: 'The port for GET /metrics.', default: 9_464, group: network }),
  allowInsecure: boolean({
    doc: 'Whether to listen without TLS where other machines can reach it.',
    default: false,
    group: network,
  }),
  reflection: boolean({ doc: 'Whether to answer gRPC server reflection.', default: true, group: network }),
  logLevel: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    doc: 'The least severe line to log.',
    default: 'info',
    group: 'Running',
  }),
  shutdownTimeout: duration({
    doc: 'How long a stop may take before what is left is dropped.',
    default: '10s',
    min: '100ms',
    max: '10m',
    group: 'Running',
  }),
} as const satisfies Fields;

/** The values of the settings that every service has; times in milliseconds. */
export type ServiceConfig = ValuesOf<typeof serviceFields>;

/** Declares the settings of a service: its own, those of every service, and the rules that hold for all. */
export function declareService<F extends Fields>(
  name: string,
  fields: F,
  options: Omit<DeclarationOptions<NoFields, ValuesOf<F & typeof serviceFields>>, 'positionals'> = {},
): ConfigDeclaration<ValuesOf<F & typeof serviceFields>> {
  return declareConfig(
    name,
    { ...fields, ...serviceFields },
    { ...options, checks: [...(options.checks ?? []), ...serviceChecks] },
  );
}

/** The rules over several settings that hold for every service. */
export const serviceChecks = [reachableOnlyWithTls, portsApart];

/** Without TLS a service listens where only its own machine reaches it, unless told otherwise. */
function reachableOnlyWithTls({ host, allowInsecure }: ServiceConfig): BrokenRule[] {
  return allowInsecure || isLoopback(host)
    ? []
    : [
        {
          field: 'host',
          problem:
            'must be a loopback address, since there is no TLS: other machines could call it unseen and unasked; set ALLOW_INSECURE=true to listen all the same',
        },
      ];
}

function portsApart({ port: api, healthPort, metricsPort }: ServiceConfig): BrokenRule[] {
  const rules: BrokenRule[] = [];
  if (healthPort !== 0 && healthPort === api) {
    rules.push({ field: 'healthPort', problem: `must differ from the port for calls, ${api}` });
  }
  if (metricsPort !== 0 && (metricsPort === api || metricsPort === healthPort)) {
    rules.push({
      field: 'metricsPort',
      problem: `must differ from the ports for calls and health, ${api} and ${healthPort}`,
    });
  }
  return rules;
}
