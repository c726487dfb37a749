import { newUlid, type NewTarget } from '@emitter/proto';
import { EmitterError, type FieldViolation } from '@emitter/kit';
import { validate, validateEventSize } from './validate';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const good: NewTarget = { message: 'a rebel base', criticality: 7, source: 'probe-12' };

function problems(work: () => void): readonly FieldViolation[] {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(EmitterError);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    return (error as EmitterError).details.violations ?? [];
  }
  return [];
}

function problemsOf(targets: NewTarget[], requestId = ''): readonly FieldViolation[] {
  return problems(() => validate({ requestId, targets }, NOW));
}

describe('an acquisition', () => {
  it('may be at its bounds', () => {
    const longest = { message: '🛰'.repeat(1_024), criticality: 10, source: '🛰'.repeat(128) };
    expect(problemsOf([longest, { message: 'x', criticality: 0, source: '' }], newUlid(NOW))).toEqual([]);
    expect(problemsOf(Array.from({ length: 1_000 }, () => good))).toEqual([]);
    expect(problemsOf([good], newUlid(NOW - 24 * 3_600_000))).toEqual([]);
    expect(problemsOf([good], newUlid(NOW + 60_000))).toEqual([]);
  });

  it.each<[string, Partial<NewTarget>, string, string]>([
    ['an empty message', { message: '' }, 'message', '1 to 1,024'],
    ['a message that is too long', { message: 'x'.repeat(1_025) }, 'message', '1 to 1,024'],
    ['a message too long in code points', { message: '🛰'.repeat(1_025) }, 'message', '1 to 1,024'],
    ['a lone surrogate', { message: 'a\ud800b' }, 'message', 'surrogates'],
    ['NUL', { message: 'a\0b' }, 'message', 'NUL'],
    ['criticality -1', { criticality: -1 }, 'criticality', '0 to 10'],
    ['criticality 11', { criticality: 11 }, 'criticality', '0 to 10'],
    ['a source that is too long', { source: 'x'.repeat(129) }, 'source', '0 to 128'],
    ['NUL in the source', { source: '\0' }, 'source', 'NUL'],
  ])('is refused with %s', (_, fault, field, bound) => {
    expect(problemsOf([good, { ...good, ...fault }])).toEqual([
      { field: `targets[1].${field}`, description: expect.stringContaining(bound) as string },
    ]);
  });

  it.each([0, 1_001])('is refused with %d targets', (count) => {
    const targets = Array.from({ length: count }, () => good);
    const expected = `must be 1 to 1,000 targets, not ${count.toLocaleString('en')}`;
    expect(problemsOf(targets)).toEqual([{ field: 'targets', description: expected }]);
  });

  it.each([
    ['malformed', 'nonsense', 'ULID'],
    ['in lower case', newUlid(NOW).toLowerCase(), 'upper case'],
    ['old', newUlid(NOW - 24 * 3_600_000 - 1), 'last 24 hours'],
    ['of the future', newUlid(NOW + 60_001), '60 seconds'],
  ])('is refused when its request id is %s', (_, requestId, problem) => {
    expect(problemsOf([good], requestId)).toEqual([
      { field: 'request_id', description: expect.stringContaining(problem) as string },
    ]);
  });

  it('hears of everything at once', () => {
    expect(problemsOf([{ message: '', criticality: 11, source: '\0' }], 'x')).toHaveLength(4);
  });

  it('is refused when its event is over 1 MiB', () => {
    expect(problems(() => validateEventSize(1_048_576))).toEqual([]);
    expect(problems(() => validateEventSize(1_048_577))).toEqual([
      {
        field: 'targets',
        description: 'must be at most 1,048,576 bytes together as an encoded event, not 1,048,577',
      },
    ]);
  });
});
