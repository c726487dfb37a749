import type { Figure } from '../suites';
import { boundText, holds, shown, type Results } from './results';

const WIDTH = 720;
const LABELS = 300;
const BARS = 270;
const ROW = 30;
const TOP = 64;

/** The figures that have a bound, each as a bar against it: longer than the line is better for "at least", shorter for "at most". */
export function chart(results: Results): string {
  const figures = Object.values(results.suites)
    .flatMap((suite) => suite.figures)
    .filter(({ bound }) => bound !== undefined);
  const height = TOP + figures.length * ROW + 20;
  const { machine, versions, takenOn, quick } = results;
  const under = `${machine.cpu}, ${String(machine.cores)} cores · Node ${versions.node ?? ''} · PostgreSQL ${versions.postgres ?? ''} · ${takenOn.slice(0, 10)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-labelledby="title" font-family="system-ui, sans-serif" font-size="13">`,
    `<title id="title">Emitter: figures against their bounds</title>`,
    `<rect width="100%" height="100%" rx="6" fill="#ffffff"/>`,
    `<text x="16" y="26" font-size="16" font-weight="600" fill="#1f2328">Figures against their bounds${quick ? ' (smoke run: they mean nothing)' : ''}</text>`,
    `<text x="16" y="46" font-size="12" fill="#59636e">${escaped(under)}</text>`,
    ...figures.map((figure, at) => bar(figure, TOP + at * ROW)),
    '</svg>',
    '',
  ].join('\n');
}

/** The bound is the line at two fifths of a bar's room, so that a bar may show up to two and a half times of it. */
function bar(figure: Figure, y: number): string {
  const bound = figure.bound?.value ?? 1;
  const length = Math.min(BARS, Math.max(2, ((figure.value / bound) * BARS * 2) / 5));
  const line = LABELS + (BARS * 2) / 5;
  const fill = holds(figure) === true ? '#1a7f37' : '#cf222e';
  return [
    `<text x="${String(LABELS - 10)}" y="${String(y + 16)}" text-anchor="end" fill="#1f2328">${escaped(figure.what)}</text>`,
    `<rect x="${String(LABELS)}" y="${String(y + 3)}" width="${length.toFixed(1)}" height="18" rx="3" fill="${fill}"/>`,
    `<line x1="${String(line)}" x2="${String(line)}" y1="${String(y)}" y2="${String(y + 24)}" stroke="#1f2328" stroke-dasharray="3 2"/>`,
    `<text x="${(LABELS + Math.max(length, (BARS * 2) / 5) + 8).toFixed(1)}" y="${String(y + 16)}" fill="#1f2328">${shown(figure.value)} ${escaped(figure.unit)} <tspan fill="#59636e">${escaped(boundText(figure))}</tspan></text>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
