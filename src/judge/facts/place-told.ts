import type { Event } from '../../history/events.js';

/**
 * An empty id or position is none: a target that fills a field which it has no value for names no place with it. Taken for one, all
 * of its messages would have one and the same.
 */
export function withPlaceTold(event: Event): Event {
  if (event.kind !== 'receive' && event.kind !== 'ack' && event.kind !== 'stored') return event;
  if (event.id !== '' && event.position !== '') return event;
  const { id = '', position = '', ...rest } = event;
  return { ...rest, ...(id === '' ? {} : { id }), ...(position === '' ? {} : { position }) };
}
