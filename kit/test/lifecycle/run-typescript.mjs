// Runs the TypeScript file named first as Node would run it compiled: `node run-typescript.mjs service.ts …`.
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { transformSync } from '@swc/core';

Module._extensions['.ts'] = (module, filename) => {
  const options = {
    filename,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  };
  module._compile(transformSync(readFileSync(filename, 'utf8'), options).code, filename);
};

const [, , file, ...argv] = process.argv;
process.argv = [process.argv[0], resolve(file), ...argv];
createRequire(import.meta.url)(process.argv[1]);
