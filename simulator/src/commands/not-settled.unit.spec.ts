import { EmitterError } from '@emitter/kit';
import { status } from '@grpc/grpc-js';
import { notSettled } from './not-settled';

const requestId = '01JD0000000000000000000000';
const settle = `it may be stored or not: repeat with --request-id ${requestId}`;
const time = { requestId, timeoutText: '4s', interrupted: false };
const refused = new EmitterError('UNAVAILABLE', 'nobody listens at a:1 (connection refused)', {
  cause: Object.assign(new Error('x'), { code: status.UNAVAILABLE, details: 'No connection established. Last' }),
});
const away = new EmitterError('UNAVAILABLE', 'the event log is away', { details: { retryAfterMs: 250 } });
const ended = new EmitterError('CANCELLED', 'Cancelled on client');
const late = new EmitterError('DEADLINE_EXCEEDED', 'Deadline exceeded after 4.0s');

describe('an acquisition that was given up', () => {
  it.each([[[ended]], [[late]], [[refused, ended]], [[late, refused]]])('had no answer in time', (failures) => {
    expect(notSettled(failures, time)).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: `no answer within 4s; ${settle}`,
      details: { requestId },
    });
  });

  it.each([[[away]], [[away, ended]], [[away, late, refused]]])('tells what destroyer said last', (failures) => {
    expect(notSettled(failures, time)).toMatchObject({
      code: 'UNAVAILABLE',
      message: `the event log is away; ${settle}`,
      details: { requestId, retryAfterMs: 250 },
    });
  });

  it('was never sent when nobody was there', () => {
    const error = notSettled([refused, refused], time);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', message: 'nobody listens at a:1 (connection refused)' });
    expect(error.details.requestId).toBeUndefined();
  });

  it('was interrupted', () => {
    expect(notSettled([ended], { ...time, interrupted: true })).toMatchObject({
      code: 'CANCELLED',
      message: `interrupted; ${settle}`,
    });
    expect(notSettled([refused], { ...time, interrupted: true }).message).toBe('interrupted');
  });
});
