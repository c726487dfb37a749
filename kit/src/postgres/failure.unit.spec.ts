import { DatabaseError } from 'pg';
import { EmitterError } from '../errors';
import { classify, ConnectionFailure, spoilsConnection, summary, toPostgresError, unavailable } from './failure';
import { kindOfSqlstate } from './sqlstate';

function databaseError(code: string, fields: Partial<DatabaseError> = {}): DatabaseError {
  return Object.assign(new DatabaseError('message', 7, 'error'), { code, severity: 'ERROR', ...fields });
}

describe('kinds of failure', () => {
  it.each([
    ['08006', 'transient'],
    ['40001', 'transient'],
    ['40P01', 'transient'],
    ['40002', 'data'],
    ['53300', 'transient'],
    ['53100', 'environment'],
    ['55P03', 'transient'],
    ['57P01', 'transient'],
    ['57P04', 'environment'],
    ['57014', 'transient'],
    ['25006', 'environment'],
    ['28P01', 'environment'],
    ['3D000', 'environment'],
    ['42501', 'environment'],
    ['42P01', 'environment'],
    ['42601', 'environment'],
    ['58030', 'environment'],
    ['22021', 'data'],
    ['23505', 'data'],
    ['XX000', 'data'],
    ['XX001', 'environment'],
  ] as const)('SQLSTATE %s is %s', (sqlstate, kind) => {
    expect(kindOfSqlstate(sqlstate)).toBe(kind);
    expect(classify(databaseError(sqlstate))).toBe(kind);
  });

  it('a connection that failed, and work given up, are transient', () => {
    expect(classify(new ConnectionFailure('lost', 'x'))).toBe('transient');
    expect(classify(new EmitterError('CANCELLED', 'x'))).toBe('transient');
    expect(classify(new EmitterError('UNAVAILABLE', 'x'))).toBe('transient');
  });

  it('what ends a connection, or refuses one, is never the data’s fault', () => {
    expect(classify(databaseError('55000', { severity: 'FATAL' }))).toBe('environment');
    expect(classify(databaseError('XX000', { severity: 'PANIC' }))).toBe('environment');
    expect(classify(databaseError('57P03', { severity: 'FATAL' }))).toBe('transient');
  });

  it('what is not the database’s is the work’s', () => {
    expect(classify(new TypeError('x'))).toBe('data');
    expect(classify(new EmitterError('INTERNAL', 'x'))).toBe('data');
  });

  it('a plan made stale by a migration costs the connection, and is transient', () => {
    const stale = databaseError('0A000', { routine: 'RevalidateCachedQuery' });
    expect(classify(stale)).toBe('transient');
    expect(spoilsConnection(stale)).toBe(true);
    expect(classify(databaseError('0A000'))).toBe('data');
    expect(spoilsConnection(databaseError('23505'))).toBe(false);
    expect(spoilsConnection(databaseError('57P01', { severity: 'FATAL' }))).toBe(true);
  });
});

describe('errors for others', () => {
  it('are UNAVAILABLE with retry info, the cause kept', () => {
    const cause = new ConnectionFailure('timeout', 'no answer within 5 ms');
    expect(unavailable(cause, 'the read model')).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'the read model did not answer in time',
      details: { retryAfterMs: 500 },
      cause,
    });
  });

  it('say why in a few words without any data', () => {
    expect(summary(databaseError('42P01'))).toBe('is not set up (42P01): the migrations have not run');
    expect(summary(databaseError('53100'))).toBe('refused (53100)');
    expect(summary(databaseError('53300'))).toBe('is not ready (53300)');
    expect(summary(new Error('password=hunter2'))).toBe('failed');
  });

  it('say what the operating system said, without the address', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    const text = 'cannot be reached (connection refused: nothing listens there)';
    expect(summary(toPostgresError(refused, 'unreachable'))).toBe(text);
    expect(summary(toPostgresError(new AggregateError([refused, refused], ''), 'unreachable'))).toBe(text);
    const odd = Object.assign(new Error('odd'), { code: 7 });
    expect(summary(toPostgresError(odd, 'unreachable'))).toBe('cannot be reached');
  });

  it('are made of whatever the driver throws', () => {
    const known = databaseError('23505');
    expect(toPostgresError(known)).toBe(known);
    expect(toPostgresError(new Error('Connection terminated'))).toMatchObject({ reason: 'lost' });
    const refused = new AggregateError([new Error('refused on ::1'), new Error('refused on 127.0.0.1')], '');
    expect(toPostgresError(refused, 'unreachable').message).toBe(
      'cannot be reached: refused on ::1; refused on 127.0.0.1',
    );
    expect(toPostgresError('odd').message).toContain('odd');
  });
});
