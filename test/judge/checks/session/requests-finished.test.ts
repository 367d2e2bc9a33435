import { describe, expect, it } from 'vitest';
import type { Event, Facet } from '../../../../src/history/events.js';
import {
  answerTold,
  asPieces,
  disturbed,
  pieces,
  type AnswerPlot,
  type Connection,
} from '../../answers-story.js';
import { adding, changing, without, type Told } from '../../story.js';
import { whole } from '../../told/shown.js';
import { right, twice } from '../../stories.js';

const { signal, ready, end } = right.at;
const id = 'requests-finished';

const base = disturbed(right.at);
const [first] = base.connections as [Connection];
/** The right story with these in the place of the answer that is under way. */
const reading = (...plots: readonly AnswerPlot[]) =>
  adding(
    without(right, (event) => 'stream' in event && event.stream === 'a3'),
    ...plots.flatMap(answerTold),
  );
/** One that is under way at the signal, of this session. */
const underWay = (stream: string, session: string, more: Partial<Connection> = {}): AnswerPlot => ({
  ...base,
  ...{ stream, session, connections: [{ ...first, ...more }] },
});
/** Each response that was lost broke off in the middle, for this reason. */
const cutting = (told: Told, reasons: Readonly<Record<string, string | undefined>>) =>
  changing(told, (event): Event => {
    if (event.kind !== 'stream' || event.step !== 'lost' || !(event.stream in reasons)) return event;
    const { reason: _, ...rest } = event;
    const reason = reasons[event.stream];
    return { ...rest, by: 'network', ...(reason === undefined ? {} : { reason }) };
  });
const lacking = (facet: Facet): Told => {
  const { header, events } = cutting(right, { a3: 'cut' });
  const disruptions = header.plan.disruptions.map((one) => ({ ...one, lacks: { [facet]: 'not this one' } }));
  return { header: { ...header, plan: { ...header.plan, disruptions } }, events };
};

describe('requests-finished', () => {
  it('says why several were cut, each reason once, and blames their readers', () => {
    const told = reading(underWay('a3', '1'), underWay('a4', '6'), underWay('a5', '7'), underWay('a6', '2'));
    expect(whole(cutting(told, { a3: 'other side closed', a4: 'reset', a5: 'reset' }), id)).toEqual({
      is: 'fail',
      says: '3 requests of sessions 1, 6 and 7, under way when the service was asked to leave, were cut in the middle (other side closed and reset)',
      figures: { underWay: 4, ended: 1, cut: 3 },
      shows: 'stream@1305 s1, stream@1305 s6, stream@1305 s7',
      blames: 'session 1, session 6, session 7',
    });
  });

  it('gives no reason where none is told', () => {
    expect(whole(cutting(right, { a3: undefined }), id)).toEqual({
      is: 'fail',
      says: '1 request of session 1, under way when the service was asked to leave, was cut in the middle',
      figures: { underWay: 1, ended: 0, cut: 1 },
      shows: 'stream@1305 s1',
      blames: 'session 1',
    });
  });

  it('passes several that ended in order, and shows two of them', () => {
    const told = reading(underWay('a3', '1'), underWay('a4', '6'), underWay('a5', '7', { ends: 'end' }));
    expect(whole(told, id)).toEqual({
      is: 'pass',
      says: '3 requests that were under way when the service was asked to leave ended in order',
      figures: { underWay: 3, ended: 3, cut: 0 },
      shows: 'stream@1305 s1, stream@1305 s6',
      blames: '',
    });
  });

  it('takes the end of an answer before the restart is over for that of its request', () => {
    const over = underWay('a3', '1', { pieces: asPieces(pieces), ends: 'end', endsAt: ready - 10 });
    expect(whole(reading(over), id)).toEqual({
      is: 'pass',
      says: '1 request that was under way when the service was asked to leave ended in order',
      figures: { underWay: 1, ended: 1, cut: 0 },
      shows: 'stream@1491 s1',
      blames: '',
    });
  });

  it('does not know of one that lives on after the restart, nor of one that the history does not end', () => {
    expect(whole(reading(underWay('a3', '1', { endsAt: ready + 50 })), id)).toEqual({
      is: 'unknown',
      says: 'It is not known how the requests ended that were under way',
      figures: { underWay: 1, ended: 0, cut: 0 },
      shows: '',
      blames: '',
    });
    const endless = without(right, (event) => 'stream' in event && event.stream === 'a3' && event.t > signal);
    expect(whole(endless, id)).toMatchObject({ is: 'unknown', figures: { underWay: 1, ended: 0, cut: 0 } });
  });

  it('goes by the request that was open when something struck, and not by those before or after it', () => {
    const thrice: AnswerPlot = {
      ...base,
      connections: [
        { at: signal - 100, pieces: asPieces(pieces.slice(0, 2)), endsAt: signal - 60 },
        { at: signal - 50, cursor: '2', pieces: asPieces(pieces.slice(2, 4), 3), endsAt: signal + 4 },
        {
          at: ready + 30,
          cursor: '4',
          pieces: asPieces(pieces.slice(4), 5),
          ends: 'end',
          endsAt: ready + 150,
        },
      ],
    };
    expect(whole(reading(thrice), id)).toEqual({
      is: 'pass',
      says: '1 request that was under way when the service was asked to leave ended in order',
      figures: { underWay: 1, ended: 1, cut: 0 },
      shows: 'stream@1305 s1',
      blames: '',
    });
  });

  it('asks for nothing of one that was over before, or was not let in', () => {
    const early = underWay('a3', '1', { pieces: asPieces(pieces), ends: 'end', endsAt: signal - 1 });
    expect(whole(reading(early), id)).toMatchObject({ is: 'unknown', figures: { underWay: 0 } });
    const refused = underWay('a3', '1', { pieces: [], ends: 'refused', status: 503, endsAt: signal + 5 });
    expect(whole(reading(refused), id)).toMatchObject({ is: 'unknown', figures: { underWay: 0 } });
    const late = underWay('a3', '1', { at: signal + 1, endsAt: signal + 5 });
    expect(whole(reading(late), id)).toMatchObject({ is: 'unknown', figures: { underWay: 0 } });
  });

  it('waits for the end of a history in which the restart has none', () => {
    const open = without(
      reading(underWay('a3', '1', { endsAt: end - 700 })),
      (event) => event.kind === 'disruption' && ['ready', 'end'].includes(event.step),
    );
    expect(whole(open, id)).toMatchObject({ is: 'pass', figures: { underWay: 1, ended: 1, cut: 0 } });
  });

  it('is unknown of a second restart at which no request was under way', () => {
    expect(whole(twice, id)).toMatchObject({ is: 'pass', figures: { underWay: 2, ended: 2, cut: 0 } });
    expect(
      whole(
        without(twice, (event) => 'stream' in event && event.stream === 'a4'),
        id,
      ),
    ).toEqual({
      is: 'unknown',
      says: 'It was not seen how any request ended that was under way at disruption 2 of 2',
      figures: { underWay: 1, ended: 1, cut: 0 },
      shows: '',
      blames: 'disruption 1',
    });
  });

  it.each(['graceful', 'restart', 'loss', 'streams'] as const)(
    'judges no disruption that lacks %s',
    (facet) => {
      expect(whole(lacking(facet), id)).toMatchObject({ is: 'unknown', figures: { underWay: 0 } });
      expect(whole(lacking('log'), id)).toMatchObject({ is: 'fail' });
    },
  );
});
