import { field, type Field, type FieldOptions } from '@emitter/kit';

const TYPE = 'host:port';
const MAX_PORT = 65_535;

/** Where a service is: `host:port`, or what else grpc-js resolves (`dns:///name:port`). */
export function address(options: FieldOptions<string>): Field<string> {
  return field(options, {
    type: TYPE,
    placeholder: 'HOST:PORT',
    read: (text) => {
      const problem = problemOf(text);
      return problem === undefined
        ? { ok: true, value: text }
        : { ok: false, problem: `must be ${TYPE}, ${problem}`, holdsSecret: false };
    },
  });
}

function problemOf(text: string): string | undefined {
  const scheme = /^(?:https?|grpcs?|tcp):\/\//i.exec(text)?.[0];
  if (scheme !== undefined) {
    return `without ${scheme}`;
  }
  const port = /^.*[^:/]:(\d+)$/.exec(text)?.[1];
  if (port === undefined) {
    return `not ${text === '' ? 'empty' : JSON.stringify(text)}`;
  }
  return Number(port) >= 1 && Number(port) <= MAX_PORT
    ? undefined
    : `with a port of 1 to ${String(MAX_PORT)}, not ${port}`;
}
