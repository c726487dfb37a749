import type {
  CheckHealthRequest,
  CheckHealthResponse,
  CheckReadinessRequest,
  CheckReadinessResponse,
} from '@emitter/proto';
import type { UnaryHandler } from '../grpc';
import type { Readiness } from './readiness';

/** The handlers of CheckHealth and CheckReadiness, which every service has. */
export interface HealthHandlers {
  readonly checkHealth: UnaryHandler<CheckHealthRequest, CheckHealthResponse>;
  readonly checkReadiness: UnaryHandler<CheckReadinessRequest, CheckReadinessResponse>;
}

/** CheckHealth answers from the process alone; CheckReadiness what the dependencies last said. */
export function healthHandlers(options: {
  readonly service: string;
  readonly version: string;
  readonly startedOn: Date;
  readonly readiness: Pick<Readiness, 'answer'>;
}): HealthHandlers {
  const { service, version, startedOn, readiness } = options;
  return {
    checkHealth: () => Promise.resolve({ service, version, startedOn }),
    checkReadiness: () => readiness.answer(),
  };
}
