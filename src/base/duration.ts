import { OutlastError } from './errors.js';

/** Milliseconds, or a text such as `250ms`, `10s`, `1.5m`, `2h`. */
export type Duration = number | string;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration. Throws `CONFIG_INVALID` for anything else. */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number' && Number.isFinite(duration) && duration >= 0) return duration;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(String(duration).trim());
  const unit = units[match?.[2] ?? ''];
  if (!match || unit === undefined) {
    throw new OutlastError(
      'CONFIG_INVALID',
      `expected a duration such as 250 (milliseconds), '250ms', '10s' or '2m'; got ${JSON.stringify(duration)}`,
    );
  }
  return Number(match[1]) * unit;
}

/** A duration for people: `0.4 ms`, `12 ms`, `1.24 s`, `2 min 5 s`. */
export function inWords(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${Number((ms / 1_000).toFixed(2))} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
