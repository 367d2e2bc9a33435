import { describe, expect, it } from 'vitest';
import type { Event, EventOf } from '../../../src/history/events.js';
import { takenForNewOf } from '../../../src/judge/derived/taken-for-new.js';
import { hears, idOf, says, telling, type Saying, type Telling } from './telling.js';

type Place = Pick<Saying, 'id' | 'position'>;
const again = (t: number, place: Place | null, number = 1): Event[] => {
  const its = { session: '1', conn: 1, message: idOf('1', number) } as const;
  return [
    { t, ...its, kind: 'written', attempt: 2 },
    ...(place === null ? [] : [{ t: t + 1, ...its, kind: 'ack', ...place } satisfies EventOf<'ack'>]),
  ];
};
const taken = (...events: readonly Telling[]) =>
  [...takenForNewOf(telling({}, ...events)).values()].map(({ message, by, first, again: later }) => [
    ...[message.id, by, first.t, later.t],
  ]);
const said = (place: Place) => says(100, '1', 1, place);

describe('a message that was sent again under its id', () => {
  it('was taken for a new one where the target promised it at another place', () => {
    expect(taken(said({ position: '1' }), again(200, { position: '2' }))).toEqual([
      [idOf('1', 1), 'position', 101, 201],
    ]);
    expect(taken(said({ id: 'x' }), again(200, { id: 'y' }))).toEqual([[idOf('1', 1), 'id', 101, 201]]);
    const both = taken(said({ id: 'x', position: '1' }), again(200, { id: 'y', position: '2' }));
    expect(both.map(([, by]) => by)).toEqual(['position']);
    const same = taken(said({ id: 'x', position: '1' }), again(200, { id: 'y', position: '1' }));
    expect(same.map(([, by]) => by)).toEqual(['id']);
  });

  it('was not, where both promises are of one place, or nothing that both tell differs', () => {
    expect(taken(said({ id: 'x', position: '1' }), again(200, { id: 'x', position: '1' }))).toEqual([]);
    expect(taken(said({ position: '1' }), again(200, { id: 'y' }))).toEqual([]);
    expect(taken(said({ position: '1' }), again(200, {}))).toEqual([]);
    expect(taken(said({}), again(200, { position: '1' }))).toEqual([]);
    expect(taken(said({ position: '1' }), again(200, null))).toEqual([]);
  });

  it('is told with the first promise that differs', () => {
    const third = again(300, { position: '3' });
    expect(taken(said({ position: '1' }), again(200, { position: '1' }), third)).toEqual([
      [idOf('1', 1), 'position', 101, 301],
    ]);
  });

  it('was not, where it was never sent again: the target promised twice of itself', () => {
    const [, promise] = again(200, { position: '2' });
    expect(taken(said({ position: '1' }), promise ?? [])).toEqual([]);
  });

  it('was, where one reader received it at two places', () => {
    const heard = (t: number, place: Place, room = 'r1') => hears(t, '2', ['1', 1], { ...place, room });
    const twice = [heard(110, { position: '1' }), heard(210, { position: '2' })];
    expect(taken(said({}), again(200, {}), twice)).toEqual([[idOf('1', 1), 'position', 110, 210]]);
    expect(taken(said({}), twice)).toEqual([]);
    expect(
      taken(said({}), again(200, {}), heard(110, { position: '1' }), heard(210, { position: '1' })),
    ).toEqual([]);
    const third = heard(310, { position: '3' });
    expect(taken(said({}), again(200, {}), twice, third)).toEqual([[idOf('1', 1), 'position', 110, 210]]);
    const elsewhere = heard(210, { position: '2' }, 'r2');
    expect(taken(said({}), again(200, {}), heard(110, { position: '1' }), elsewhere)).toEqual([]);
    const same = heard(150, { position: '1' });
    expect(taken(said({}), again(200, {}), twice, same)).toEqual([[idOf('1', 1), 'position', 110, 210]]);
  });

  it('may be, where the contract promises no idempotency', () => {
    const told = telling(
      { contract: { idempotent: false } },
      said({ position: '1' }),
      again(200, { position: '2' }),
    );
    expect(takenForNewOf(told).size).toBe(0);
  });
});
