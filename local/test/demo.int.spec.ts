import { runDemo } from '../src/demo';
import { createTerminal } from '../src/demo/terminal';

// The story in this process; demo.e2e.spec.ts runs it as people do. Its services are those that were built last.
describe('the demo', () => {
  it('tells the story and ends', async () => {
    let story = '';
    const terminal = createTerminal({ write: (text) => void (story += text), colours: false, live: false });
    const { signal } = new AbortController();
    await runDemo({ terminal, keep: false, signal, postgresBin: process.env.EMITTER_POSTGRES_BIN });
    expect(story).toMatch(/^Emitter demo · event log: Postgres/);
    expect(story).toContain('206 targets, nothing lost, nothing stored twice');
  });

  it('stays up when it is told to, until the signal', async () => {
    let story = '';
    const controller = new AbortController();
    const write = (text: string): void => {
      story += text;
      if (text.includes('npm run simulator')) {
        controller.abort(new Error('Ctrl-C'));
      }
    };
    const terminal = createTerminal({ write, colours: false, live: false });
    await runDemo({ terminal, keep: true, signal: controller.signal });
    expect(story).toMatch(/Emitter stays up until Ctrl-C\.[^]*✔ Stopped/);
  });

  it('is taken down when it is ended in the middle', async () => {
    let story = '';
    const controller = new AbortController();
    const write = (text: string): void => {
      story += text;
      if (text.includes('(ii)')) {
        controller.abort(new Error('Ctrl-C'));
      }
    };
    const terminal = createTerminal({ write, colours: false, live: false });
    await expect(runDemo({ terminal, keep: false, signal: controller.signal })).rejects.toThrow();
    expect(story).toMatch(/✔ Stopped; no process and no file is left +[\d.]+ m?s\s*$/);
  });
});
