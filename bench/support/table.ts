import type { Benchmark, Line } from './benchmark.js';

const head = ['', 'measured', 'against', 'ratio', 'aim', ''];

/** The result of one benchmark as text. */
export function table(
  { name, measures }: Pick<Benchmark, 'name' | 'measures'>,
  lines: readonly Line[],
): string {
  const rows = [head, ...lines.map(cells)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const written = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return [`${name}: ${measures}`, ...written.map((row) => `  ${row}`.trimEnd()), ''].join('\n');
}

function cells({ what, measured, against = '', ratio, aim }: Line): string[] {
  const met = aim && (aim.met ? 'met' : 'MISSED');
  return [
    what,
    measured,
    against,
    ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
    aim?.words ?? '',
    met ?? '',
  ];
}

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const perSecond = (value: number): string => `${grouped.format(value)} /s`;
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
export const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;
export const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MiB`;
export const kibibytes = (bytes: number): string => `${(bytes / 1_024).toFixed(1)} KiB`;
export const microseconds = (value: number): string => `${value.toFixed(1)} µs`;
