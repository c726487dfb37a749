import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hotSpots, type CpuProfile, type HotSpot } from './hot-spots';

/** The environment in which a service writes a profile of its whole life into a folder when it ends. */
export function profilingEnv(folder: string): Record<string, string> {
  return { NODE_OPTIONS: `--require=${join(__dirname, 'attach.js')}`, EMITTER_PROFILE_FOLDER: folder };
}

/** What the profiles in a folder say, the ones with the most samples first, and where they are. */
export async function profileReport(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.cpuprofile'));
  const profiles = await Promise.all(
    files.map(async (file) => {
      const path = join(folder, file);
      return { path, profile: JSON.parse(await readFile(path, 'utf8')) as CpuProfile };
    }),
  );
  profiles.sort((a, b) => b.profile.samples.length - a.profile.samples.length);
  return [
    ...profiles.map(({ path, profile }) => describe(path, profile)),
    `Open a profile in Chrome's DevTools (Performance, Load profile) or with \`npx speedscope\`.`,
  ].join('\n');
}

function describe(path: string, profile: CpuProfile): string {
  const { functions, packages } = hotSpots(profile);
  return `${basename(path)}: ${path}\n packages\n${lines(packages)}\n functions\n${lines(functions)}\n`;
}

function lines(spots: readonly HotSpot[]): string {
  return spots.map(({ where, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${where}`).join('\n');
}
