import { dirname, join } from 'node:path';

/** The services of a stack. */
export const serviceKinds = ['destroyer', 'deathstar'] as const;

/** A service's kind: its name and its login. */
export type ServiceKind = (typeof serviceKinds)[number];

/** Compiled JavaScript files, each run as `node <file> …`; tests put their own in their place. */
export interface Programs {
  readonly services: Readonly<Record<ServiceKind, string>>;
  /** Commands that bring the database up to date, in this order, each with the argument `migrate`. */
  readonly migrations: Readonly<Record<string, string>>;
}

/** The programs of this checkout, as built. */
export function builtPrograms(): Programs {
  const dist = (name: string): string => join(dirname(require.resolve(`@emitter/${name}/package.json`)), 'dist');
  return {
    services: { destroyer: join(dist('destroyer'), 'main.js'), deathstar: join(dist('deathstar'), 'main.js') },
    migrations: {
      'event-log': join(dist('event-log'), 'main.js'),
      deathstar: join(dist('deathstar'), 'migrate', 'main.js'),
    },
  };
}
