export type { Exit } from './managed-process';
export type { ManagedService, ServicePorts } from './managed-service';
export { designedPorts, freeOf } from './ports';
export { type Programs, type ServiceKind } from './programs';
export { askReadiness, untilReady } from './readiness';
export { startStack, type Stack, type StackOptions, type StackStep } from './stack';
