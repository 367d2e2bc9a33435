import { OutlastError } from '../../base/errors.js';
import { jsonOf } from '../../system/http.js';
import type { RequestTokenPlace } from '../identity/index.js';
import { ask, expectSuccess, mapped, type Means, placeOf } from './ask.js';
import { isPlain } from './canonical.js';
import type { LogReader, Stored } from './port.js';

export interface PagesOptions {
  /** The address of the page after a cursor (null: the first page) of a room. May hold placeholders. */
  readonly url: (room: string, after: string | null) => string;
  /** Without these functions: the mission's own `/threads/:id/messages`. */
  readonly items?: (body: unknown) => readonly unknown[];
  /** The cursor of the next page; null on the last one. */
  readonly next?: (body: unknown) => string | number | null;
  readonly text?: (item: unknown) => string;
  readonly id?: (item: unknown) => string | undefined;
  readonly position?: (item: unknown) => string | number | undefined;
  readonly from?: (item: unknown) => string | undefined;
  readonly token?: RequestTokenPlace;
}

type Mapping = Required<Omit<PagesOptions, 'url' | 'token'>>;

/** A log that changes its cursor for ever would never be read to its end. */
const mostPages = 10_000;

/** Reads a log page by page with GET, from its beginning to its end. */
export function pages(options: PagesOptions, means: Means): LogReader {
  const mapping = { ...missionMapping, ...functionsIn(options) };
  const ownItems = options.text !== undefined && options.position === undefined;
  return {
    lacks: ownItems
      ? { positions: 'the config does not say where a stored message has its number (`position`)' }
      : {},
    read: (room, token, { signal }) => {
      const page = async (after: string | null) => {
        const url = means.resolve(options.url(room, after));
        const answer = await ask({ url, token, signal, place: options.token });
        expectSuccess(answer, url);
        return { url, body: jsonOf(answer, url) };
      };
      return everyPage(page, mapping);
    },
  };
}

interface Page {
  readonly url: string;
  readonly body: unknown;
}

async function* everyPage(
  page: (after: string | null) => Promise<Page>,
  mapping: Mapping,
): AsyncGenerator<Stored, void, undefined> {
  const asked = new Set<string>();
  for (let after: string | null = null; ;) {
    const { url, body } = await page(after);
    yield* itemsIn(body, url, mapping);
    const next: unknown = mapped('next', url, () => mapping.next(body));
    if (next === null || next === undefined) return;
    after = String(next);
    if (asked.has(after) || asked.size >= mostPages) throw endless(url, asked.size + 1);
    asked.add(after);
  }
}

function* itemsIn(body: unknown, url: string, mapping: Mapping): Generator<Stored> {
  const items: unknown = mapped('items', url, () => mapping.items(body));
  if (!Array.isArray(items)) {
    throw new OutlastError(
      'ANSWER_INVALID',
      `expected a list of stored messages in an answer of ${placeOf(url)}; found none`,
    );
  }
  for (const item of items as readonly unknown[]) yield storedIn(item, url, mapping);
}

function storedIn(item: unknown, url: string, mapping: Mapping): Stored {
  const text: unknown = mapped('text', url, () => mapping.text(item));
  if (typeof text !== 'string') {
    throw new OutlastError(
      'ANSWER_INVALID',
      `expected a text in every stored message of ${placeOf(url)}; \`text\` found none in one`,
    );
  }
  return {
    text,
    ...named(
      'id',
      mapped('id', url, () => mapping.id(item)),
    ),
    ...named(
      'position',
      mapped('position', url, () => mapping.position(item)),
    ),
    ...named(
      'from',
      mapped('from', url, () => mapping.from(item)),
    ),
  };
}

/** What is not told is left out; ids and numbers of a target are texts here. */
function named<Name extends string>(name: Name, value: unknown): { readonly [K in Name]?: string };
function named(name: string, value: unknown): Readonly<Record<string, string>> {
  return typeof value === 'string' || typeof value === 'number' ? { [name]: String(value) } : {};
}

function endless(url: string, count: number): OutlastError {
  return new OutlastError(
    'ANSWER_INVALID',
    `expected the pages of ${placeOf(url)} to come to an end; after ${count} there is a next one that was read before, or still another`,
  );
}

const field = (value: unknown, name: string): unknown => (isPlain(value) ? value[name] : undefined);
const textIn = (value: unknown, name: string): string | undefined => {
  const found = field(value, name);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
};

const missionMapping: Mapping = {
  items: (body) => {
    const messages = field(body, 'messages');
    return Array.isArray(messages) ? messages : fail('messages');
  },
  next: (body) => textIn(body, 'next') ?? null,
  text: (item) => textIn(item, 'message') ?? fail('message'),
  id: (item) => textIn(item, 'id'),
  position: (item) => textIn(item, 'number'),
  from: (item) => textIn(item, 'from'),
};

function fail(name: string): never {
  throw new Error(`there is no field \`${name}\``);
}

/** Where one mapping function is given, the items are not the mission's: what it leaves out is not there. */
function functionsIn(options: PagesOptions): Partial<Mapping> {
  const { items, next, text, id, position, from } = options;
  const own = text === undefined ? {} : { id: nothing, position: nothing, from: nothing };
  return {
    ...own,
    ...(items && { items }),
    ...(next && { next }),
    ...(text && { text }),
    ...(id && { id }),
    ...(position && { position }),
    ...(from && { from }),
  };
}

const nothing = () => undefined;
