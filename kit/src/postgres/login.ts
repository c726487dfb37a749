import { optional, secretFile, text, url } from '../config';
import type { PostgresLogin } from './connection';

/** What a URL of a Postgres begins with. */
export const postgresSchemes = ['postgres', 'postgresql'] as const;

/** The settings that lead to a Postgres database and log in to it, declared the same way by every program. */
export function databaseFields(options: { readonly doc: string; readonly user: string; readonly group: string }) {
  const { doc, user, group } = options;
  return {
    databaseUrl: url({ doc, default: 'postgres://127.0.0.1:5432/emitter', schemes: postgresSchemes, group }),
    databaseUser: text({ doc: 'Who to log in to the read model as.', default: user, group }),
    databasePassword: optional(
      secretFile({ doc: 'The password for the read model; none when it asks for none.', group }),
    ),
  };
}

/** A login of a user who may have no password. */
export function loginOf(user: string, password: string | undefined): PostgresLogin {
  return password === undefined ? { user } : { user, password };
}
