export { createLogger, silentLogger, type Logger, type LoggerOptions, type LogLevel } from './logger';
export { maskSecrets } from './mask';
export { traceFields } from './trace-fields';
