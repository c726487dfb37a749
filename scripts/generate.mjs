/**
 * Makes everything that is made from something else:
 *   proto/src/generated       TypeScript from the .proto files (ts-proto)
 *   proto/descriptors.binpb   what gRPC reflection serves
 *   docs/interface.md         from the comments in the .proto files
 *   docs/errors.md            from kit's table of errors
 *   docs/configuration.md     from the services' declarations (these two need a build: `npx tsc -b`)
 * With --into FOLDER it writes there instead, so that a test can compare; with --contract it makes only the
 * first three, which need no build.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { interfaceReference } from './docs/interface.mjs';

const root = resolve(import.meta.dirname, '..');
const into = process.argv.includes('--into') ? resolve(process.argv[process.argv.indexOf('--into') + 1]) : root;
const require = createRequire(join(root, 'package.json'));
const buf = require.resolve('@bufbuild/buf/bin/buf');
const proto = join(root, 'proto');

function runBuf(...args) {
  return execFileSync(process.execPath, [buf, ...args], { cwd: proto, encoding: 'utf8', maxBuffer: 64 << 20 });
}

function write(file, text) {
  const path = join(into, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

mkdirSync(join(into, 'proto'), { recursive: true });
runBuf('generate', '-o', join(into, 'proto'));
runBuf('build', '--exclude-source-info', '-o', join(into, 'proto/descriptors.binpb'));
write('docs/interface.md', interfaceReference(JSON.parse(runBuf('build', '-o', '-#format=json'))));

if (!process.argv.includes('--contract')) {
  const { configReference, errorReference } = require('./kit/dist/index.js');
  const { destroyerConfig } = require('./destroyer/dist/index.js');
  const { deathstarConfig, migrateConfig: migrateReadModel } = require('./deathstar/dist/index.js');
  const { migrateConfig: migrateEventLog } = require('./event-log/dist/index.js');
  const { commandConfigs } = require('./simulator/dist/index.js');
  const programs = [
    destroyerConfig,
    deathstarConfig,
    migrateEventLog,
    migrateReadModel,
    ...Object.values(commandConfigs),
  ];
  write('docs/errors.md', errorReference());
  write('docs/configuration.md', configReference(programs));
}
