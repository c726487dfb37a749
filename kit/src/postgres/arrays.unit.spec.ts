import fc from 'fast-check';
import { byteaArray, int2Array, int4Array, int8Array, jsonbArray, textArray, timestamptzArray } from './arrays';

describe('array parameters', () => {
  it('write the header that array_recv reads', () => {
    expect(textArray(['ab', null]).toString('hex')).toBe(
      ['00000001', '00000001', '00000019', '00000002', '00000001', '00000002', '6162', 'ffffffff'].join(''),
    );
    expect(textArray([]).toString('hex')).toBe('000000000000000000000019');
  });

  it('write jsonb with its version', () => {
    expect(jsonbArray(['{}']).subarray(20).toString('hex')).toBe('00000003017b7d');
  });

  it('write fixed widths', () => {
    expect(int2Array([-2]).subarray(20).toString('hex')).toBe('00000002fffe');
    expect(int4Array([-2]).subarray(20).toString('hex')).toBe('00000004fffffffe');
    expect(int8Array([-2n]).subarray(20).toString('hex')).toBe('00000008fffffffffffffffe');
    expect(
      byteaArray([Buffer.from([7]), null])
        .subarray(20)
        .toString('hex'),
    ).toBe('0000000107ffffffff');
  });

  it('write instants as microseconds since 2000, before it and after', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const micros = timestamptzArray([date]).readBigInt64BE(24);
          expect(micros).toBe((BigInt(date.getTime()) - BigInt(Date.UTC(2000, 0, 1))) * 1000n);
        },
      ),
    );
  });

  it('give every text its own length', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (values) => {
        const buffer = textArray(values);
        const read: string[] = [];
        for (let at = 20; at < buffer.length;) {
          const length = buffer.readInt32BE(at);
          read.push(buffer.toString('utf8', at + 4, at + 4 + length));
          at += 4 + length;
        }
        expect(read).toEqual(values);
      }),
    );
  });
});
