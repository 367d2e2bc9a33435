import type { EventOf } from '../../history/events.js';
import { connections, type Connection, type Line, type Refusal } from '../facts/connections.js';
import { seatsOf } from '../facts/seats.js';
import { once } from '../once.js';
import type { Context } from '../port.js';
import { acknowledgedOf } from './acknowledged.js';
import { absenceOver, absencesOf, type Absence } from './absences.js';
import { deliveriesOf, type Miss } from './deliveries.js';

/** A session that left one connection and came back on another, both of which name their instance. */
export interface Crossing {
  readonly session: string;
  readonly from: Connection;
  readonly to: Connection;
  readonly isSame: boolean;
  /** Messages that it was owed from its absence. */
  readonly owed: number;
  /** Those of them that never came, though it was listening. */
  readonly lost: readonly Miss[];
}

/** Every return in the run, those without a restart too. Source: semantics, "Balancers and rolling restarts". */
export const crossingsOf = once((context): readonly Crossing[] => {
  const seats = seatsOf(context.header);
  const lost = new Map<string, Miss[]>();
  for (const miss of deliveriesOf(context).misses) {
    if (miss.is !== 'lost') continue;
    const its = lost.get(miss.reader);
    if (its) its.push(miss);
    else lost.set(miss.reader, [miss]);
  }
  return [...context.facts(connections).values()]
    .filter(({ session }) => seats.isResident(session))
    .flatMap((line) => crossingsIn(context, line, lost.get(line.session) ?? []));
});

function crossingsIn(context: Context, line: Line, lost: readonly Miss[]): Crossing[] {
  const ready = line.connections.filter((connection) => connection.ready !== null);
  const owed = owedOf(context).get(line.session) ?? [];
  return ready.flatMap((to, index): Crossing[] => {
    const from = ready[index - 1];
    if (from?.open?.instance === undefined || to.open?.instance === undefined) return [];
    const isIts = (absence: Absence, room: string) => absence.endedAtMost === endOf(to, room);
    const missed = lost.filter(({ absence, room }) => absence !== null && isIts(absence, room));
    const amounts = owed.filter(({ absence, room }) => isIts(absence, room)).map(({ amount }) => amount);
    const isSame = from.open.instance === to.open.instance;
    const amount = amounts.reduce((sum, one) => sum + one, 0);
    return [{ session: line.session, from, to, isSame, owed: amount, lost: missed }];
  });
}

const endOf = ({ joins, ready }: Connection, room: string) =>
  joins.get(room)?.joinedAt ?? ready?.t ?? Infinity;

/** How many acknowledged messages passed a session by in one of its absences from a room. */
interface Owed {
  readonly room: string;
  readonly absence: Absence;
  amount: number;
}

/** By session. */
const owedOf = once((context): ReadonlyMap<string, readonly Owed[]> => {
  const lines = [...context.facts(connections).values()];
  const owed = new Map(lines.map((line) => [line.session, nothingOwed(line)]));
  for (const [room, all] of acknowledgedOf(context)) {
    const readers = [...owed].map(([session, each]) => ({
      session,
      its: each.filter((one) => one.room === room),
    }));
    for (const message of all) {
      for (const { session, its } of readers) {
        const passed = its.find(({ absence }) => absenceOver([absence], message) !== null);
        if (passed && message.sender !== session) passed.amount += 1;
      }
    }
  }
  return owed;
});

const nothingOwed = (line: Line): Owed[] =>
  [...line.stays.keys()].flatMap((room) =>
    absencesOf(line, room).map((absence) => ({ room, absence, amount: 0 })),
  );

/** A returning session that was refused as one that nobody knows, although its token is good. */
export interface Unknown {
  readonly session: string;
  readonly from: Connection;
  readonly connect: EventOf<'connect'>;
  readonly refused: EventOf<'refused'>;
}

/** How a session is refused that is not known: 400 and 404 (Socket.IO, MCP), 410, and closes of that kind. */
const unknownCodes: readonly number[] = [400, 404, 410, 4_400, 4_404, 4_410];
const unknownWords =
  /\b(session|sid)\b.*\b(unknown|not found|no such|invalid|expired)\b|\b(unknown|no such|invalid) (session|sid)\b/i;

export const unknownSessionsOf = once((context): readonly Unknown[] => {
  const seats = seatsOf(context.header);
  return [...context.facts(connections).values()]
    .filter(({ session }) => seats.isResident(session))
    .flatMap((line) => line.refusals.flatMap((refusal) => unknownOf(line, refusal) ?? []));
});

function unknownOf(line: Line, { event, connect }: Refusal): Unknown | null {
  if (!connect || event.at === 'dial') return null;
  const says =
    (event.status !== undefined && unknownCodes.includes(event.status)) ||
    unknownWords.test(event.reason ?? '');
  const from = line.connections.findLast(({ ready }) => ready !== null && ready.t <= connect.t);
  if (!says || !from || !isGood(line, connect.token)) return null;
  // The instance that it left does not know it either: that is no matter of instances.
  const isSame = event.instance !== undefined && event.instance === from.open?.instance;
  return isSame ? null : { session: line.session, from, connect, refused: event };
}

/** A token that let the session in, before or afterwards. */
const isGood = (line: Line, token: string | undefined) =>
  line.connections.some(
    ({ connect, ready }) => ready !== null && (token === undefined || connect?.token === token),
  );
