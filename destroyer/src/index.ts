export { destroyerConfig, type DestroyerConfig } from './config';
export { startDestroyer, type DestroyerOptions } from './service';
