import fc from 'fast-check';
import { targetId, ulidOf, type NewTarget } from '@emitter/proto';
import { compare, createJournal, promiseKept, type SentRequest, type StoredTarget } from '.';

const target = fc.record({
  message: fc.string({ minLength: 1, maxLength: 5 }),
  criticality: fc.integer({ min: 0, max: 10 }),
  source: fc.string({ maxLength: 3 }),
});
const request: fc.Arbitrary<SentRequest> = fc.record({
  requestId: fc
    .tuple(fc.integer({ min: 0, max: 2 ** 40 }), fc.uint8Array({ minLength: 10, maxLength: 10 }))
    .map(([time, bits]) => ulidOf(time, bits)),
  targets: fc.array(target, { minLength: 1, maxLength: 4 }),
});
const requests = fc.uniqueArray(request, { minLength: 1, maxLength: 8, selector: ({ requestId }) => requestId });

function rows({ requestId, targets }: SentRequest): StoredTarget[] {
  return targets.map((said: NewTarget, place) => ({ id: targetId(requestId, place), ...said }));
}

/** Each request with what happens to it. */
const histories = requests.chain((all) =>
  fc
    .array(fc.constantFrom('stored', 'parked', 'stored without an answer', 'never arrived'), {
      minLength: all.length,
      maxLength: all.length,
    })
    .map((fates) => all.map((said, at) => ({ said, fate: fates[at] ?? 'stored' }))),
);

function evidenceOf(history: readonly { said: SentRequest; fate: string }[]) {
  const of = (...fates: string[]) => history.filter(({ fate }) => fates.includes(fate)).map(({ said }) => said);
  return {
    sent: history.map(({ said }) => said),
    acknowledged: of('stored', 'parked'),
    stored: of('stored', 'stored without an answer').flatMap(rows),
    parked: of('parked').map(({ requestId }) => ({ eventId: requestId })),
    unanswered: of('stored without an answer').flatMap(rows),
  };
}

describe('the oracle', () => {
  it('finds nothing wrong in any history that keeps the promise', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const evidence = evidenceOf(history);
        const verdict = compare(evidence);
        expect(promiseKept(verdict)).toBe(true);
        expect([...verdict.unexpected].sort()).toEqual(evidence.unanswered.map(({ id }) => id).sort());
        expect(verdict.storedTargets).toBe(evidence.stored.length);
        expect(verdict.acknowledgedTargets).toBe(evidence.acknowledged.flatMap(rows).length);
      }),
    );
  });

  it('names every target that was lost, whichever it is', () => {
    fc.assert(
      fc.property(requests, fc.nat(), (all, seed) => {
        const stored = all.flatMap(rows);
        const [gone] = stored.splice(seed % stored.length, 1);
        const verdict = compare({ acknowledged: all, stored, parked: [] });
        expect(verdict.lost).toEqual([gone?.id]);
        expect(promiseKept(verdict)).toBe(false);
      }),
    );
  });

  it('names every target that is stored twice', () => {
    fc.assert(
      fc.property(requests, fc.nat(), fc.integer({ min: 1, max: 3 }), (all, seed, times) => {
        const stored = all.flatMap(rows);
        const [again = stored[0]] = stored.slice(seed % stored.length);
        if (again === undefined) {
          return;
        }
        const verdict = compare({
          acknowledged: all,
          stored: [...stored, ...Array.from({ length: times }, () => again)],
          parked: [],
        });
        expect(verdict.doubled).toEqual([again.id]);
        expect(verdict.lost).toEqual([]);
        expect(promiseKept(verdict)).toBe(false);
      }),
    );
  });

  it.each([
    ['message', { message: 'another message' }],
    ['criticality', { criticality: 11 }],
    ['source', { source: 'another source' }],
  ])('names every target whose %s was altered', (_, change) => {
    fc.assert(
      fc.property(requests, fc.nat(), (all, seed) => {
        const stored = all.flatMap(rows);
        const at = seed % stored.length;
        const changed = { id: '', message: '', criticality: 0, source: '', ...stored[at], ...change };
        stored[at] = changed;
        const verdict = compare({ acknowledged: all, stored, parked: [] });
        expect(verdict.altered).toEqual([changed.id]);
        expect(promiseKept(verdict)).toBe(false);
      }),
    );
  });

  it('names an event that is stored in part, acknowledged or not', () => {
    fc.assert(
      fc.property(requests, (all) => {
        const torn = all.filter(({ targets }) => targets.length > 1);
        const verdict = compare({
          acknowledged: [],
          sent: all,
          stored: all.flatMap((said) => rows(said).slice(0, 1)),
          parked: [],
        });
        expect([...verdict.torn].sort()).toEqual(torn.map(({ requestId }) => requestId).sort());
        expect(promiseKept(verdict)).toBe(torn.length === 0);
      }),
    );
  });

  it('tells what nobody sent from what nobody was told of', () => {
    const said = { requestId: ulidOf(1, new Uint8Array(10)), targets: [{ message: 'm', criticality: 1, source: '' }] };
    const stranger = { id: ulidOf(2, new Uint8Array(10)), message: 'm', criticality: 1, source: '' };
    const stored = [...rows(said), stranger];
    expect(compare({ acknowledged: [], sent: [said], stored, parked: [] })).toMatchObject({
      unexpected: [targetId(said.requestId, 0)],
      foreign: [stranger.id],
    });
    expect(compare({ acknowledged: [], stored, parked: [] })).toMatchObject({
      unexpected: stored.map(({ id }) => id),
      foreign: [],
    });
  });
});

describe('a journal', () => {
  it('keeps each request once', () => {
    const journal = createJournal();
    const said = { requestId: 'A', targets: [] };
    journal.sent(said);
    journal.sent(said);
    expect(journal.entries()).toEqual({ sent: [said], acknowledged: [] });
    journal.acknowledged(said);
    expect(journal.entries()).toEqual({ sent: [said], acknowledged: [said] });
  });
});
