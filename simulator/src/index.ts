export * from './client';
export * from './load';
export * from './oracle';
export * from './random';
export * from './repeat';
export * from './scenarios';
export * from './watch';
export { commandConfigs } from './commands';
