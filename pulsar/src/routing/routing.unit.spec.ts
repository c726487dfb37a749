import type { ProducerMessage } from '../message';
import { javaStringHash, murmur3 } from './murmur3';
import { Router } from './router';

// Figures of the Java client's own classes: test/interop/Hashes.java.
test.each([
  ['', 0, 0],
  ['a', 1009084850, 97],
  ['ab', 465557343, 3105],
  ['abc', 870159354, 96354],
  ['abcd', 1139631978, 2987074],
  ['abcde', 1755028214, 92599395],
  ['ключ', 442048578, 33309882],
  ['🔑', 856740613, 1772660],
  ['key-39', 8679160, 1012760724],
  ['a longer key of 30 characters!', 1760751957, 1323886148],
])('hashes of %j', (key, murmur, java) => {
  expect([murmur3(key), javaStringHash(key)]).toEqual([murmur, java]);
});

const message = (partitionKey?: string): ProducerMessage => ({
  data: Buffer.alloc(0),
  ...(partitionKey !== undefined && { partitionKey }),
});
const base = { hashingScheme: 'Murmur3_32Hash', messageRouter: undefined, batching: true } as const;

test('by key, in either scheme', () => {
  const murmur = new Router({ ...base, routingMode: 'RoundRobinDistribution' });
  const java = new Router({ ...base, routingMode: 'UseSinglePartition', hashingScheme: 'JavaStringHash' });
  expect(murmur.choose(message('abc'), 7, () => true)).toBe(870159354 % 7);
  expect(java.choose(message('abc'), 7, () => true)).toBe(96354 % 7);
});

test('without key: always the same, or one after the other when a batch is complete', () => {
  const single = new Router({ ...base, routingMode: 'UseSinglePartition' }, () => 0);
  expect([1, 2, 3].map(() => single.choose(message(), 3, () => true))).toEqual([0, 0, 0]);
  const round = new Router({ ...base, routingMode: 'RoundRobinDistribution' }, () => 0);
  const complete = [true, false, false, true, false];
  expect(complete.map((done) => round.choose(message(), 3, () => done))).toEqual([0, 0, 0, 1, 1]);
  const unbatched = new Router({ ...base, batching: false, routingMode: 'RoundRobinDistribution' }, () => 0);
  expect([1, 2, 3, 4].map(() => unbatched.choose(message(), 3, () => false))).toEqual([0, 1, 2, 0]);
});
