import { hotSpots, packageOf } from './hot-spots';

describe('hot spots of a profile', () => {
  it('gives each function and package its share of the time that was not idle', () => {
    const frame = (id: number, functionName: string, url: string) => ({
      id,
      callFrame: { functionName, url, lineNumber: 4 },
    });
    const { functions, packages } = hotSpots({
      nodes: [
        frame(1, '(idle)', ''),
        frame(2, 'encode', 'file:///x/proto/dist/event/encode.js'),
        frame(3, '', 'file:///x/node_modules/@grpc/grpc-js/build/src/server.js'),
      ],
      samples: [1, 2, 3, 2, 99],
      timeDeltas: [1_000, 10, 20, 10, 5],
    });
    expect(functions).toEqual([
      { where: 'encode event/encode.js:5', share: 0.5 },
      { where: '(anonymous) src/server.js:5', share: 0.5 },
    ]);
    expect(packages).toEqual([
      { where: 'ours: proto', share: 0.5 },
      { where: '@grpc/grpc-js', share: 0.5 },
    ]);
  });

  it.each([
    ['', '(garbage collector)', '(garbage collector)'],
    ['', 'writev', '(native)'],
    ['node:internal/stream_base_commons', 'x', 'node:internal/stream_base_commons'],
    ['node:net', 'x', 'node:net'],
    ['file:///x/node_modules/pg/lib/client.js', 'x', 'pg'],
    ['evalmachine', 'x', 'evalmachine'],
  ])('knows whose %s %s is', (url, functionName, expected) => {
    expect(packageOf(url, functionName)).toBe(expected);
  });
});
