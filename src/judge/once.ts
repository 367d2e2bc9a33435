import type { Context } from './port.js';

/**
 * Something that is worked out from the facts when a history has been read, at most once however many checks ask.
 * To be called in `judge` only: before that the facts are still growing.
 */
export function once<T>(work: (context: Context) => T): (context: Context) => T {
  const done = new WeakMap<Context, { readonly result: T }>();
  return (context) => {
    const known = done.get(context) ?? { result: work(context) };
    done.set(context, known);
    return known.result;
  };
}
