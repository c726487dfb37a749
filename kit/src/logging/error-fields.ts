import { types } from 'node:util';
import { EmitterError } from '../errors';

/** An error in the fields of ECS: https://www.elastic.co/docs/reference/ecs/ecs-error */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  /** The stack with those of its causes, the first cause last. */
  readonly stack_trace: string;
  /** An EmitterError's code, or the code of Node, Postgres or gRPC. */
  readonly code?: string;
}

/** A chain longer than this says nothing more. */
const mostCauses = 8;

/** Anything thrown in the fields of ECS. Only these: an error's other properties may hold a payload. */
export function errorFields(thrown: unknown): ErrorFields {
  const code = codeOf(thrown);
  return {
    type: typeOf(thrown),
    message: messageOf(thrown),
    stack_trace: stackOf(thrown, mostCauses),
    ...(code === undefined ? {} : { code }),
  };
}

function typeOf(thrown: unknown): string {
  return isError(thrown) ? thrown.name : typeof thrown;
}

function messageOf(thrown: unknown): string {
  if (isError(thrown)) {
    return thrown.message;
  }
  return typeof thrown === 'string' ? thrown : `a thrown ${thrown === null ? 'null' : typeof thrown}`;
}

function stackOf(thrown: unknown, left: number): string {
  if (!isError(thrown)) {
    return messageOf(thrown);
  }
  const code = thrown instanceof EmitterError ? undefined : codeOf(thrown);
  const own = (thrown.stack ?? `${thrown.name}: ${thrown.message}`) + (code === undefined ? '' : ` [code ${code}]`);
  const causes = [
    ...(thrown.cause === undefined ? [] : [thrown.cause]),
    ...('errors' in thrown && Array.isArray(thrown.errors) ? (thrown.errors as unknown[]) : []),
  ];
  return left === 0
    ? own
    : [own, ...causes.slice(0, left).map((cause) => `Caused by: ${stackOf(cause, left - 1)}`)].join('\n');
}

function codeOf(thrown: unknown): string | undefined {
  const code = isError(thrown) && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
}

/** An error of this realm or, as in a test, of the one that Node's own modules live in. */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}
