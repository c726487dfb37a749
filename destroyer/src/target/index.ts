export { encodedBytes, TARGET_COLUMNS, targetOf, type TargetRow } from './target';
