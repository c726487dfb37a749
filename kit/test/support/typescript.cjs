/* global __dirname */
/**
 * `node -r kit/test/support/typescript.cjs file.ts`: runs sources in a process of their own, without a build, for tests
 * that kill one. Packages are found by their sources.
 */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const root = join(__dirname, '../../..');
const resolve = Module._resolveFilename;

Module._resolveFilename = function (request, ...rest) {
  const name = /^@emitter\/([a-z-]+)$/.exec(request)?.[1];
  return resolve.call(this, name === undefined ? request : join(root, name, 'src/index.ts'), ...rest);
};

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    sourceMaps: 'inline',
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};
