export { nodeFlags } from './node-flags';
export { packageVersion } from './package-version';
export { runService, type RunServiceOptions } from './run-service';
export { type RunningService, type StopStep } from './running-service';
export { exitCodes, type ListeningMessage, type ServicePorts, type ServiceProcess } from './service-process';
