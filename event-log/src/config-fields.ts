import { optional, postgresSchemes, secretFile, text, url } from '@emitter/kit';

const group = 'Event log';

/** The settings that lead to the event log and log in to it, declared the same way by every program. */
export function eventLogFields(user: string) {
  return {
    eventLogUrl: url({
      doc: 'Where the event log is. The scheme chooses what it is made of.',
      default: 'postgres://127.0.0.1:5432/emitter',
      schemes: postgresSchemes,
      group,
    }),
    eventLogUser: text({ doc: 'Who to log in to the event log as.', default: user, group }),
    eventLogPassword: optional(
      secretFile({ doc: 'The password for the event log; none when the log asks for none.', group }),
    ),
  };
}
