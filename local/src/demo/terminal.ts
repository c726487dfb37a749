import { createStyle, pad, type Style } from './style';

/** Where the story is told. */
export interface Terminal {
  readonly style: Style;
  /** Prints a line. */
  readonly line: (text?: string) => void;
  /**
   * Does work under a title, and says how long it took. On a terminal that can be written over, the title and the time
   * so far stand there meanwhile.
   */
  readonly step: <T>(doing: string, work: () => Promise<T>, done: (result: T) => string) => Promise<T>;
}

export interface TerminalOptions {
  readonly write: (text: string) => void;
  readonly colours: boolean;
  /** Whether a line can be written over: a terminal, not a file or a pipe. */
  readonly live: boolean;
  /** Milliseconds; only differences count. Default: performance.now. */
  readonly now?: () => number;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const frameMs = 80;
/** Where the times stand: a line is no wider than the 80 columns that a terminal has. */
const column = 62;
/** Back to the beginning of the line, and erase it. */
const again = '\r\x1b[2K';

/** A terminal that writes to a stream. */
export function createTerminal({ write, colours, live, now = () => performance.now() }: TerminalOptions): Terminal {
  const style = createStyle(colours);
  const line = (text = ''): void => write(`${text}\n`);
  return {
    style,
    line,
    step: async (doing, work, done) => {
      const started = now();
      const time = (): string => style.dim(duration(now() - started).padStart(8));
      let frame = 0;
      const draw = (): void => {
        write(`${again}  ${style.accent(frames[frame++ % frames.length] ?? '')} ${pad(`${doing} …`, column)}${time()}`);
      };
      if (live) {
        draw();
      }
      const timer = live ? setInterval(draw, frameMs) : undefined;
      const end = (mark: string, text: string): void => {
        clearInterval(timer);
        line(`${live ? again : ''}  ${mark} ${pad(text, column)}${time()}`);
      };
      try {
        const result = await work();
        end(style.good('✔'), done(result));
        return result;
      } catch (error) {
        end(style.bad('✖'), doing);
        throw error;
      }
    },
  };
}

/** A time span as people read it: `4.1 ms`, `0.9 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1_000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}
