import { EmitterError, type ErrorCode } from '@emitter/kit';
import { status } from '@grpc/grpc-js';
import { inPlainWords, isNotDestroyer, isUnreachable } from './no-answer';

function failure(code: ErrorCode, grpc: status, details: string): EmitterError {
  return new EmitterError(code, details, { cause: Object.assign(new Error(details), { code: grpc, details }) });
}
const lost = (reason: string) =>
  failure(
    'UNAVAILABLE',
    status.UNAVAILABLE,
    `round_robin: No connection established. Last error: No connection established. Last error: ${reason}. Resolution note: `,
  );

describe('an error of a call, in plain words', () => {
  it.each([
    [lost('Error: connect ECONNREFUSED 127.0.0.1:1'), 'nobody listens at a:1 (connection refused)'],
    [lost('Error: connect EHOSTUNREACH 10.0.0.1:1'), 'nobody answers at a:1 (EHOSTUNREACH)'],
    [lost('null'), 'nobody answers at a:1'],
    [lost('Protocol error (2026-11-20T14:35:24.910Z)'), 'what answers at a:1 does not speak gRPC'],
    [
      failure('UNAVAILABLE', status.UNAVAILABLE, 'Name resolution failed for target dns:a:1'),
      'nobody answers at a:1 (no such host)',
    ],
  ])('says that there was no connection, and why', (error, message) => {
    expect(isUnreachable(error)).toBe(true);
    const plain = inPlainWords(error, 'a:1');
    expect(plain).toMatchObject({ code: 'UNAVAILABLE', message });
    expect(isUnreachable(plain)).toBe(true);
  });

  it('says that the time was over', () => {
    const details = 'Deadline exceeded after 0.301s,metadata filters: 0.005s,Waiting for LB pick';
    const plain = inPlainWords(failure('DEADLINE_EXCEEDED', status.DEADLINE_EXCEEDED, details), 'a:1');
    expect(plain).toMatchObject({ code: 'DEADLINE_EXCEEDED', message: 'no answer from a:1 in time' });
  });

  it('says that another service answered', () => {
    const error = failure('INTERNAL', status.UNIMPLEMENTED, 'The server does not implement the method');
    const plain = inPlainWords(error, 'a:1');
    expect(plain).toMatchObject({ code: 'INTERNAL', message: "a:1 is not destroyer's API port" });
    expect(isNotDestroyer(plain)).toBe(true);
  });

  it.each([
    failure('UNAVAILABLE', status.UNAVAILABLE, 'the event log is away'),
    failure('INTERNAL', status.INTERNAL, 'x'),
    new EmitterError('UNAVAILABLE', 'No connection established'),
  ])('leaves every other error as it is', (error) => {
    expect(inPlainWords(error, 'a:1')).toBe(error);
    expect(isUnreachable(error) || isNotDestroyer(error)).toBe(false);
  });
});
