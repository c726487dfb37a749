export { loadCommand, type ChosenCommand, type Commands, type LoadedCommand } from './commands';
export { configure, configureCommand, type ConfigProcess } from './configure';
export {
  declareConfig,
  type BrokenRule,
  type ConfigDeclaration,
  type ConfigValues,
  type DeclarationOptions,
  type Fields,
  type ValuesOf,
} from './declaration';
export { field, flagOnly, optional, type Field, type FieldKind, type FieldOptions } from './field';
export * from './fields';
export { helpText } from './help';
export { loadConfig, type ConfigSources, type LoadedConfig } from './load';
export { configReference } from './reference';
export { declareService, serviceChecks, serviceFields, type ServiceConfig } from './service-fields';
