import { EventEmitter } from 'node:events';
import { listenForInterruption, type Interruption } from './interruption';

function fakeProcess(): { process: EventEmitter; stdout: EventEmitter; exits: number[]; interruption: Interruption } {
  const [process, stdout, exits] = [new EventEmitter(), new EventEmitter(), [] as number[]];
  const interruption = listenForInterruption({
    on: (event, listener) => process.on(event, (...args) => listener(...(args as never[]))),
    exit: (code) => exits.push(code),
    stdout: { on: (event, listener) => stdout.on(event, listener) },
  });
  return { process, stdout, exits, interruption };
}

describe('an interruption', () => {
  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('by %s aborts, with exit code %d', (name, code) => {
    const { process, exits, interruption } = fakeProcess();
    expect(interruption.exitCode()).toBeUndefined();
    process.emit(name);
    expect(interruption.signal.aborted).toBe(true);
    expect(interruption.exitCode()).toBe(code);
    expect(exits).toEqual([]);
  });

  it('by a second signal ends the process at once', () => {
    const { process, exits } = fakeProcess();
    process.emit('SIGINT');
    process.emit('SIGTERM');
    expect(exits).toEqual([143]);
  });

  it('by a reader that has gone aborts, with exit code 1', () => {
    const { stdout, interruption } = fakeProcess();
    stdout.emit('error', new Error('write EPIPE'));
    stdout.emit('error', new Error('write EPIPE'));
    expect(interruption.signal.aborted).toBe(true);
    expect(interruption.exitCode()).toBe(1);
  });
});
