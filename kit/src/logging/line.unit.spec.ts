import { cleanLine } from './line';

describe('cleanLine', () => {
  it('lets a line without anything suspicious pass as it is', () => {
    const line = '{"message":"listening", "spaces": 1}\n';
    expect(cleanLine(line)).toBe(line);
  });

  it('masks in what is no JSON as well, and cuts it', () => {
    expect(cleanLine('broken {"password":"hunter2"\n')).toBe('broken {"password":***\n');
    expect(cleanLine('x'.repeat(10_000)).length).toBeLessThan(8_300);
  });
});
