import type { IncomingHttpHeaders } from 'node:http';

/**
 * `Retry-After` in ms (RFC 9110, 10.2.3): seconds, or a date, which is compared with the answer's own `Date` so that
 * clocks need not agree. Undefined where there is none that can be read.
 */
export function retryAfterOf(headers: IncomingHttpHeaders): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const wait = Date.parse(text) - Date.parse(headers.date ?? '');
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
