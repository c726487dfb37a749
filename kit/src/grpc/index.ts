export type { CallContext } from './context';
export * from './client';
export { healthServer, type HealthName, type HealthServer } from './health-server';
export { InvalidMessage } from './invalid-message';
export { defaultLimits, type GrpcLimits } from './limits';
export { reflectionService } from './reflection';
export { createGrpcServer, type GrpcServer, type GrpcServerOptions } from './server';
export {
  service,
  type BidiHandler,
  type HandlersOf,
  type ServerStream,
  type ServerStreamHandler,
  type ServiceRegistration,
  type UnaryHandler,
} from './service';
export { fromGrpcStatus, fromRpcStatus, toGrpcStatus, toRpcStatus, type GrpcStatus } from './status';
