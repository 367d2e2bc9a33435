import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../../src/history/events.js';
import { right } from '../../stories.js';
import { changing, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';

const id = 'log-kept';

type Stored = EventOf<'stored'>;
/** The reads of newcomers without what is gone. */
function vanishing(isGone: (event: Stored) => boolean, told: Told = right): Told {
  const isIts = (event: { readonly read: string }) => event.read.endsWith('-after');
  const gone = told.events.filter((event) => event.kind === 'stored' && isIts(event) && isGone(event));
  return changing(told, (event) => {
    if (gone.includes(event)) return [];
    if (event.kind !== 'read-end' || !isIts(event)) return event;
    return {
      ...event,
      count: event.count - gone.filter((one) => 'read' in one && one.read === event.read).length,
    };
  });
}
const isUnread = (...reads: readonly string[]) =>
  without(right, (event) => event.kind === 'read-end' && reads.includes(event.read));

describe('log-kept', () => {
  it('tells of all rooms and senders of what vanished, shows three and blames each message', () => {
    expect(
      whole(
        vanishing(({ index }) => index < 2),
        id,
      ),
    ).toEqual({
      is: 'fail',
      says: '4 acknowledged messages of sessions 1, 2, 6 and 7, sent 860–890 ms before the signal, vanished from r1 and r2 (of 130 judged)',
      figures: { judged: 130, vanished: 4, damaged: 0 },
      shows:
        'send@410.65 s2 2.1, ack@410.75 s2 2.1, read@2701.1 s5, read-end@2701.3 s5, send@440.65 s1 1.1, ack@440.75 s1 1.1, send@420.65 s6 6.1, ack@420.75 s6 6.1, read@2701.1 s10, read-end@2701.3 s10',
      blames: 'message 2.1, message 1.1, message 6.1, message 7.1',
    });
  });

  it('says that texts with a damaged identity may be among them', () => {
    const damaged = changing(
      vanishing(({ index, read }) => index === 0 && read === 'r1-after'),
      (event) =>
        event.kind === 'stored' && event.index === 1 && event.read === 'r1-after'
          ? { ...event, message: null, damaged: true }
          : event,
    );
    expect(whole(damaged, id)).toEqual({
      is: 'fail',
      says: '2 acknowledged messages of sessions 1 and 2, sent 860–890 ms before the signal, vanished from r1 (of 130 judged); 1 stored text with a damaged identity may be among them',
      figures: { judged: 130, vanished: 2, damaged: 1 },
      shows:
        'send@410.65 s2 2.1, ack@410.75 s2 2.1, read@2701.1 s5, read-end@2701.3 s5, send@440.65 s1 1.1, ack@440.75 s1 1.1',
      blames: 'message 2.1, message 1.1',
    });
  });

  it('names the rooms that no newcomer read to the end, and blames them, unless something has vanished', () => {
    expect(whole(isUnread('r1-after'), id)).toEqual({
      is: 'unknown',
      says: 'No newcomer read r1 to the end, so what is stored there is not known',
      figures: { judged: 65, vanished: 0, damaged: 0 },
      shows: '',
      blames: 'room r1',
    });
    expect(
      whole(
        vanishing(({ index, read }) => index === 0 && read === 'r2-after', isUnread('r1-after')),
        id,
      ).is,
    ).toBe('fail');
  });

  it('is unknown where nothing was acknowledged', () => {
    expect(
      whole(
        without(right, ({ kind }) => kind === 'ack'),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'No acknowledged message lies in a room that a newcomer read',
      figures: { judged: 0, vanished: 0, damaged: 0 },
      shows: '',
      blames: '',
    });
  });
});
