import type { HttpAnswer } from '../../system/http.js';
import type { RequestTokenPlace } from '../identity/index.js';
import { ask, expectSuccess, mapped, type Means } from './ask.js';
import { canonical, fieldsOf, isPlain } from './canonical.js';
import type { Reading, RecordSource } from './port.js';

export interface RecordOptions {
  readonly name: string;
  readonly of: 'user' | 'session' | 'other';
  /** May hold placeholders. */
  readonly url: string;
  /** Only this part of the body. */
  readonly pick?: (body: unknown) => unknown;
  /** Fields that may change of themselves: they are left out, wherever they are (dots lead inside). */
  readonly omit?: readonly string[];
  readonly token?: RequestTokenPlace;
}

/** A record that is read with GET: JSON, or a text that is taken as it is. */
export function getRecord(options: RecordOptions, means: Means): RecordSource {
  return {
    name: options.name,
    of: options.of,
    read: async (token, { signal }) => {
      const url = means.resolve(options.url);
      const answer = await ask({ url, token, signal, place: options.token });
      if (answer.status === 404 || answer.status === 410) return null;
      expectSuccess(answer, url);
      return answer.text.trim() === '' ? null : reading(answer, url, options);
    },
  };
}

function reading(answer: HttpAnswer, url: string, { pick, omit = [] }: RecordOptions): Reading {
  const body = bodyOf(answer);
  const picked = pick ? mapped('pick', url, () => pick(body)) : body;
  const kept = omit.reduce((rest, field) => without(rest, field.split('.')), picked);
  return { canonical: canonical(kept), fields: fieldsOf(kept) };
}

function bodyOf({ text }: HttpAnswer): unknown {
  try {
    return JSON.parse(text.replace(token, exactly));
  } catch {
    return text;
  }
}

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** Numbers beyond what JavaScript can hold become texts: two that differ must not become the same one. */
function exactly(part: string): string {
  return part.startsWith('"') || part.length < 16 ? part : `"${part}"`;
}

/** A copy without the field at that path; in a list, without it in every item. */
function without(value: unknown, [key = '', ...inside]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => without(item, [key, ...inside]));
  if (!isPlain(value) || !Object.hasOwn(value, key)) return value;
  const { [key]: inner, ...rest } = value;
  return inside.length === 0 ? rest : { ...rest, [key]: without(inner, inside) };
}
