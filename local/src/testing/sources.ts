import Module from 'node:module';
import { join } from 'node:path';

type Resolve = (request: string, ...rest: unknown[]) => string;

/**
 * Lets `require('@emitter/x')` find the sources. jest does that for tests by its moduleNameMapper, which it does not
 * apply to global set-up; without this, set-up would run what was built last.
 */
function requireSources(): void {
  const module = Module as unknown as { _resolveFilename: Resolve };
  const original = module._resolveFilename.bind(Module);
  module._resolveFilename = (request, ...rest) => {
    const name = /^@emitter\/([a-z-]+)$/.exec(request)?.[1];
    const path = name === undefined ? request : join(__dirname, '..', '..', '..', name, 'src', 'index.ts');
    return original(path, ...rest);
  };
}

requireSources();
