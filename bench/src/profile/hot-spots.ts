/** The part of a .cpuprofile (Chrome DevTools Protocol, Profiler.Profile) that is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** Where CPU time went, the share of the time that was not idle. */
export interface HotSpot {
  readonly where: string;
  readonly share: number;
}

/** The functions, and the packages, with the most time of their own. */
export function hotSpots(profile: CpuProfile, most = 12): { functions: HotSpot[]; packages: HotSpot[] } {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  let busy = 0;
  profile.samples.forEach((sample, at) => {
    const frame = frames.get(sample);
    const time = Math.max(0, profile.timeDeltas[at] ?? 0);
    if (frame === undefined || frame.functionName === '(idle)') {
      return;
    }
    busy += time;
    const place = packageOf(frame.url, frame.functionName);
    const line = frame.url === '' ? '' : ` ${frame.url.split('/').slice(-2).join('/')}:${String(frame.lineNumber + 1)}`;
    add(functions, `${frame.functionName || '(anonymous)'}${line}`, time);
    add(packages, place, time);
  });
  const top = (times: Map<string, number>) =>
    [...times]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([where, time]) => ({ where, share: time / busy }));
  return { functions: top(functions), packages: top(packages) };
}

/** The npm package, the part of the repository, or the part of Node that a file belongs to. */
export function packageOf(url: string, functionName: string): string {
  if (url === '') {
    return functionName.startsWith('(') ? functionName : '(native)';
  }
  if (url.startsWith('node:')) {
    return url.split('/').slice(0, 2).join('/');
  }
  const inPackages = url.lastIndexOf('/node_modules/');
  if (inPackages >= 0) {
    const [scope = '', name = ''] = url.slice(inPackages + '/node_modules/'.length).split('/');
    return scope.startsWith('@') ? `${scope}/${name}` : scope;
  }
  const dist = url.lastIndexOf('/dist/');
  const owner = dist < 0 ? '' : (url.slice(0, dist).split('/').at(-1) ?? '');
  return owner === '' ? url : `ours: ${owner}`;
}

function add(times: Map<string, number>, key: string, time: number): void {
  times.set(key, (times.get(key) ?? 0) + time);
}
