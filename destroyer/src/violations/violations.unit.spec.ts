import type { EmitterError } from '@emitter/kit';
import { Violations } from '.';

function thrownBy(fill: (violations: Violations) => void): EmitterError {
  const violations = new Violations();
  fill(violations);
  try {
    violations.throwIfAny();
  } catch (error) {
    return error as EmitterError;
  }
  throw new Error('nothing was thrown');
}

describe('violations', () => {
  it('are nothing to throw when there is none', () => {
    const violations = new Violations();
    violations.addProblem('a', undefined);
    expect(() => violations.throwIfAny()).not.toThrow();
  });

  it('are all told at once', () => {
    const error = thrownBy((violations) => {
      violations.add('a', 'must be b');
      violations.addProblem('c', 'must be d');
    });
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toBe('a must be b; c must be d');
    expect(error.details.violations).toEqual([
      { field: 'a', description: 'must be b' },
      { field: 'c', description: 'must be d' },
    ]);
  });

  it('are listed up to twenty, and the rest counted', () => {
    const error = thrownBy((violations) => {
      for (let place = 0; place < 1_000; place++) {
        violations.add(`targets[${place}]`, 'must be better');
      }
    });
    expect(error.details.violations).toHaveLength(20);
    expect(error.message).toMatch(/; and 980 more$/);
  });
});
