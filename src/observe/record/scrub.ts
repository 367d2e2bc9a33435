import { hash } from 'node:crypto';
import type { Event, Header } from '../../history/events.js';
import { wordings } from '../../history/index.js';
import type { Redactor } from './port.js';
import { shortestSecret } from './secrets.js';

/** A longer text is cut: what the target says must not fill the disk. */
const longestText = 2_000;

/** An event as it may be written down. `leaked`: a secret was in it. */
export interface Scrubbed {
  readonly event: Event;
  readonly leaked: boolean;
}

/** Removes secrets from what the target worded. Fields that this program words itself are not looked at: they are hot. */
export function createScrubber(redactor: Redactor): {
  knowRooms(header: Header): void;
  scrub(event: Event): Scrubbed;
} {
  const rooms = new Set<unknown>();
  return {
    knowRooms: (header) => {
      for (const session of header.plan.sessions) for (const room of session.rooms) rooms.add(room);
    },
    scrub: (event) => {
      let changes: Record<string, unknown> | undefined;
      let leaked = false;
      for (const [field, wording] of wordings.get(event.kind) ?? []) {
        const value: unknown = Reflect.get(event, field);
        if (wording === 'room' && rooms.has(value)) continue;
        if (typeof value === 'string' && value.length < shortestSecret) continue;
        const { kept, secret } = scrubbed(value, redactor);
        if (kept !== value) (changes ??= {})[field] = kept;
        leaked ||= secret;
      }
      return { event: changes ? { ...event, ...changes } : event, leaked };
    },
  };
}

function scrubbed(value: unknown, redactor: Redactor): { kept: unknown; secret: boolean } {
  if (Array.isArray(value)) {
    const items = value.map((item) => scrubbed(item, redactor));
    const same = items.every(({ kept }, index) => kept === value[index]);
    return { kept: same ? value : items.map(({ kept }) => kept), secret: items.some(({ secret }) => secret) };
  }
  if (typeof value !== 'string') return { kept: value, secret: false };
  const clean = redactor.clean(value);
  return { kept: shortened(clean), secret: clean !== value };
}

/** Texts that differ stay different: many are ids. */
function shortened(text: string): string {
  if (text.length <= longestText) return text;
  return `${text.slice(0, longestText)}… (${text.length} characters, ${hash('sha256', text).slice(0, 16)})`;
}
