export {
  ABOVE_ALL_IDS,
  everything,
  filterFingerprint,
  LOWEST_ID,
  matcher,
  type Filter,
  type Filterable,
} from './filter';
export { parseFilter } from './parse-filter';
