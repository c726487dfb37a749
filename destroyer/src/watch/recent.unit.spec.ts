import { Recent, type Stretch } from './recent';

const place = (storedIn: number, id = '') => ({ storedIn: BigInt(storedIn), id });

/** The rows a and b of each transaction after one, up to and with another. */
function stretch(from: number, to: number): Stretch {
  const rows = Array.from({ length: to - from }, (_, index) => from + 1 + index).flatMap((storedIn) =>
    ['a', 'b'].map((id) => ({
      storedIn: String(storedIn),
      id,
      message: 'x'.repeat(1_000),
      criticality: 1,
      source: '',
      updatedOn: null,
    })),
  );
  return { from: place(from, 'b'), to: place(to, 'b'), rows };
}

describe('recent stretches', () => {
  it('say what comes after any place in them, and nothing of any other', () => {
    const recent = new Recent(1_000_000);
    const [first, second] = [stretch(1, 3), stretch(3, 5)];
    recent.add(first);
    recent.add(second);
    expect(recent.after(place(1, 'b'))).toBe(first);
    expect(recent.after(place(3, 'b'))).toBe(second);
    expect(recent.after(place(4, 'a'))?.rows.map(({ storedIn, id }) => storedIn + id)).toEqual(['4b', '5a', '5b']);
    expect(recent.after(place(4, 'a'))?.to).toEqual(place(5, 'b'));
    expect(recent.after(place(1, 'a'))).toBeUndefined();
    expect(recent.after(place(5, 'b'))).toBeUndefined();
    expect(recent.after(place(6))).toBeUndefined();
  });

  it('are forgotten, the oldest first, when they take too much', () => {
    const recent = new Recent(10_000);
    for (let at = 0; at < 100; at++) {
      recent.add(stretch(at, at + 1));
    }
    expect(recent.after(place(90, 'b'))).toBeUndefined();
    expect(recent.after(place(99, 'b'))?.rows).toHaveLength(2);
  });

  it('keep nothing that is larger than they may be', () => {
    const recent = new Recent(1);
    recent.add(stretch(1, 2));
    expect(recent.after(place(1, 'b'))).toBeUndefined();
  });
});
