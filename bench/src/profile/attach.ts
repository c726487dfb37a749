import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { basename, dirname, join } from 'node:path';

/*
 * Loaded into a service by NODE_OPTIONS=--require: profiles the whole life of its process and writes the profile when
 * it ends. `--cpu-prof` would do the same, but Node does not take it in NODE_OPTIONS.
 */
const folder = process.env.EMITTER_PROFILE_FOLDER;
const program = process.argv[1];
if (folder !== undefined && program !== undefined) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  process.once('exit', () => {
    // In its own process the answer comes before `post` returns.
    session.post('Profiler.stop', (error, { profile }) => {
      if (error === null) {
        const service = basename(dirname(dirname(program)));
        writeFileSync(join(folder, `${service}-${String(process.pid)}.cpuprofile`), JSON.stringify(profile));
      }
    });
  });
}
