import { hash } from 'node:crypto';
import type { Event, Header, Plan } from '../../history/events.js';
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
export class Scrubber {
  readonly #redactor: Redactor;
  readonly #rooms = new Set<unknown>();

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** From here on the rooms of the plan are known. */
  header(header: Header): Header {
    for (const session of header.plan.sessions) for (const room of session.rooms) this.#rooms.add(room);
    const reasons = Object.entries(header.plan.without);
    const without: Plan['without'] = Object.fromEntries(
      reasons.map(([facet, reason]) => [facet, this.#redactor.clean(reason)]),
    );
    return { ...header, plan: { ...header.plan, without } };
  }

  event(event: Event): Scrubbed {
    let changes: Record<string, unknown> | undefined;
    let leaked = false;
    for (const [field, wording] of wordings.get(event.kind) ?? []) {
      const value: unknown = Reflect.get(event, field);
      if (wording === 'room' && this.#rooms.has(value)) continue;
      if (typeof value === 'string' && value.length < shortestSecret) continue;
      const { kept, secret } = scrubbed(value, this.#redactor);
      if (kept !== value) (changes ??= {})[field] = kept;
      leaked ||= secret;
    }
    return { event: changes ? { ...event, ...changes } : event, leaked };
  }
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
