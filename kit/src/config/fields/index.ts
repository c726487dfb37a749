export { boolean, oneOf } from './choice';
export { duration, type DurationText } from './duration';
export { integer, port } from './integer';
export { list } from './list';
export { secretFile } from './secret-file';
export { path, text } from './text';
export { url } from './url';
