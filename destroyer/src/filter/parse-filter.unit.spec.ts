import * as fc from 'fast-check';
import { lowestUlid, newUlid, TargetFilter, ulidOf } from '@emitter/proto';
import type { EmitterError, FieldViolation } from '@emitter/kit';
import { Violations } from '../violations';
import { everything, filterFingerprint, matcher, parseFilter, type Filter } from '.';

function parse(filter: Partial<TargetFilter>): { filter: Filter; violations: readonly FieldViolation[] } {
  const violations = new Violations();
  const parsed = parseFilter(TargetFilter.fromPartial(filter), violations);
  try {
    violations.throwIfAny();
  } catch (error) {
    return { filter: parsed, violations: (error as EmitterError).details.violations ?? [] };
  }
  return { filter: parsed, violations: [] };
}

const time = new Date('2026-01-02T03:04:05.678Z');

describe('a filter', () => {
  it('lets everything pass when nothing is set', () => {
    expect(parseFilter(undefined, new Violations())).toEqual(everything);
    expect(parse({}).filter).toEqual(everything);
  });

  it('makes ids of times', () => {
    const { filter, violations } = parse({ createdFrom: time, createdBefore: new Date(time.getTime() + 1) });
    expect(violations).toEqual([]);
    expect(filter.fromId).toBe(lowestUlid(time.getTime()));
    expect(filter.beforeId).toBe(lowestUlid(time.getTime() + 1));
  });

  it('takes any time before 1970 for the first', () => {
    expect(parse({ createdFrom: new Date(-1) }).filter.fromId).toBe(lowestUlid(0));
  });

  it('keeps each id once, in order', () => {
    const ids = [newUlid(3), newUlid(1), newUlid(2)];
    const { filter } = parse({ ids: [...ids, ...ids] });
    expect(filter.ids).toEqual([...ids].sort());
  });

  it.each<[string, Partial<TargetFilter>, string, string]>([
    ['criticality below its bound', { minCriticality: -1 }, 'filter.min_criticality', '0 to 10'],
    ['criticality above its bound', { maxCriticality: 11 }, 'filter.max_criticality', '0 to 10'],
    ['a criticality range reversed', { minCriticality: 5, maxCriticality: 4 }, 'filter.max_criticality', 'below'],
    ['a time range reversed', { createdFrom: time, createdBefore: time }, 'filter.created_before', 'later'],
    ['a time that is none', { createdFrom: new Date(NaN) }, 'filter.created_from', 'year 10000'],
    ['a time after the last', { createdBefore: new Date(253402300800000) }, 'filter.created_before', 'year 10000'],
    ['a source that is too long', { source: 'x'.repeat(129) }, 'filter.source', '0 to 128'],
    ['NUL in the source', { source: '\0' }, 'filter.source', 'NUL'],
    ['a malformed id', { ids: [newUlid(1), 'x'] }, 'filter.ids[1]', 'ULID'],
    ['too many ids', { ids: Array.from({ length: 1_001 }, () => newUlid(1)) }, 'filter.ids', '1,000'],
  ])('is refused with %s', (_, filter, field, bound) => {
    expect(parse(filter).violations).toEqual([{ field, description: expect.stringContaining(bound) as string }]);
  });
});

describe("a filter's fingerprint", () => {
  it('is the same for the same filter and another for any other', () => {
    const ids = [newUlid(1), newUlid(2)];
    expect(filterFingerprint(parse({ ids }).filter)).toBe(filterFingerprint(parse({ ids: [...ids].reverse() }).filter));
    const prints = [
      {},
      { minCriticality: 1 },
      { maxCriticality: 1 },
      { createdFrom: time },
      { createdBefore: time },
      { source: '' },
      { source: 'null' },
      { ids },
    ].map((filter) => filterFingerprint(parse(filter).filter));
    expect(new Set(prints).size).toBe(prints.length);
  });
});

describe('a filter as a test of one target', () => {
  it('says what each condition says', () => {
    const ids = fc
      .tuple(fc.nat(5), fc.uint8Array({ minLength: 10, maxLength: 10 }))
      .map(([at, bits]) => ulidOf(at, bits));
    const targets = fc.record({ id: ids, criticality: fc.nat(10), source: fc.constantFrom('', 'a', 'b') });
    fc.assert(
      fc.property(
        targets,
        fc.option(fc.nat(10), { nil: undefined }),
        fc.option(fc.nat(10), { nil: undefined }),
        fc.option(fc.nat(5), { nil: undefined }),
        fc.option(fc.constantFrom('', 'a'), { nil: undefined }),
        fc.boolean(),
        (target, min, max, from, source, byId) => {
          fc.pre(min === undefined || max === undefined || min <= max);
          const { filter } = parse({
            minCriticality: min,
            maxCriticality: max,
            createdFrom: from === undefined ? undefined : new Date(from),
            source,
            ids: byId ? [target.id] : [],
          });
          expect(matcher(filter)(target)).toBe(
            (min === undefined || target.criticality >= min) &&
              (max === undefined || target.criticality <= max) &&
              (from === undefined || target.id >= lowestUlid(from)) &&
              (source === undefined || target.source === source),
          );
          expect(matcher({ ...filter, ids: [newUlid(9)] })(target)).toBe(false);
        },
      ),
    );
  });
});
