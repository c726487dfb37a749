import { boundText, holds, shown, type Results } from './results';

const BEGIN = '<!-- figures: begin (written by `npm run bench`) -->';
const END = '<!-- figures: end -->';

/**
 * The page with the figures of the results between its markers; everything else stays as it was.
 * @throws Error when the page has no markers
 */
export function withFigures(page: string, results: Results): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`the page must hold the markers ${BEGIN} and ${END}`);
  }
  return `${page.slice(0, begin + BEGIN.length)}\n\n${figuresText(results)}\n${page.slice(end)}`;
}

function figuresText({ machine, versions, suites }: Results): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${machine.cpu}, ${String(machine.cores)} cores, ${shown(Math.round(machine.memoryMiB / 1_024))} GiB, ${machine.kernel}; ${packages.join(', ')}.`,
    '',
    ...Object.entries(suites).flatMap(([name, { figures, settings, takenOn }]) => [
      `### ${name}`,
      '',
      '| what | measured | to hold | |',
      '|---|--:|---|---|',
      ...figures.map(
        (figure) =>
          `| ${figure.what} | ${shown(figure.value)} ${figure.unit} | ${boundText(figure)} | ${verdict(holds(figure))} |`,
      ),
      '',
      `Taken on ${takenOn.slice(0, 10)} with ${settingsText(settings)}.`,
      '',
    ]),
  ].join('\n');
}

function verdict(held: boolean | undefined): string {
  return held === undefined ? '' : held ? '✓' : '✗';
}

function settingsText(settings: Readonly<Record<string, unknown>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
