export { bounds, range } from './bounds';
export { descriptorSet } from './descriptors';
export {
  decodeTargetsAcquired,
  encodeTargetsAcquired,
  PayloadError,
  TARGETS_ACQUIRED,
  targetsAcquired,
  type AcquiredTarget,
  type TargetsAcquiredEvent,
} from './event';
export { contentHash, isUlid, lowestUlid, newUlid, targetId, ulidOf, ulidTime } from './identity';
export { textProblem } from './text';

// The gRPC contract, made from the .proto files.
export {
  DeathstarClient,
  DeathstarService,
  GetProjectionRequest,
  GetProjectionResponse,
  type DeathstarServer,
} from './generated/emitter/v1/deathstar';
export {
  AcquireTargetsRequest,
  AcquireTargetsResponse,
  DestroyerClient,
  DestroyerService,
  ListTargetsRequest,
  ListTargetsResponse,
  StreamAcquireRequest,
  StreamAcquireResponse,
  TargetOrder,
  WatchTargetsRequest,
  WatchTargetsResponse,
  type DestroyerServer,
} from './generated/emitter/v1/destroyer';
export {
  CheckHealthRequest,
  CheckHealthResponse,
  CheckReadinessRequest,
  CheckReadinessResponse,
  Dependency as DependencyAnswer,
  DependencyStatus,
} from './generated/emitter/v1/readiness';
export { NewTarget, Target, TargetFilter } from './generated/emitter/v1/target';

// The protocols of others that services speak.
export { HealthCheckResponse_ServingStatus, HealthClient } from './generated/grpc/health/v1/health';
export { BadRequest, ErrorInfo, RequestInfo, RetryInfo } from './generated/google/rpc/error_details';
export { Status } from './generated/google/rpc/status';
export {
  ServerReflectionClient,
  ServerReflectionService,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from './generated/grpc/reflection/v1/reflection';
