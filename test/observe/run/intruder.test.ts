import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event, Role } from '../../../src/history/events.js';
import type { Intrusion, Seat } from '../../../src/observe/client/index.js';
import { createRecorder, type Recorder } from '../../../src/observe/record/index.js';
import { Crew } from '../../../src/observe/run/crew.js';
import { Intruder } from '../../../src/observe/run/intruder.js';
import type { Member } from '../../../src/observe/run/member.js';

let folder = '';
let recorder: Recorder;
const events: Event[] = [];
/** What each attempt showed, and in which of the target's rooms. */
const tries: { readonly rooms: readonly string[]; readonly shown: object; readonly user: string }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'intruder-test-'));
  recorder = createRecorder({ file: path.join(folder, 'history.ndjson') });
  events.length = 0;
  tries.length = 0;
  recorder.watch((event) => events.push(event));
});
afterEach(async () => {
  await recorder[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const memberOf = (session: string, role: Role, room: string): Member =>
  ({
    planned: { session, role, rooms: [room] },
    seat: { session, user: `user ${session}`, rooms: [`id of ${room}`] },
    observe: recorder.session(session),
  }) as unknown as Member;

/** A target that answers so, one answer after the other; the last one for ever. */
function intruderAt(answers: readonly ('in' | 'out' | 'no-answer')[]): Intruder {
  const crew = new Crew(
    [
      ...[memberOf('1', 'chatter', 'r1'), memberOf('2', 'chatter', 'r1'), memberOf('3', 'chatter', 'r2')],
      memberOf('9', 'auditor', 'lobby'),
    ],
    new Map(),
  );
  const left = [...answers];
  const intrude = (seat: Seat, { cursors }: Intrusion) => {
    tries.push({ rooms: seat.rooms, shown: Object.fromEntries(cursors), user: seat.user });
    return Promise.resolve((left.length > 1 ? left.shift() : left[0]) ?? 'no-answer');
  };
  const [auditor] = crew.of('auditor');
  if (!auditor) throw new Error('no auditor');
  return new Intruder({ client: { intrude }, auditor, crew, recorder, signal: AbortSignal.timeout(10_000) });
}

function hear(session: string, room: string, position: string): void {
  recorder.session(session)({ kind: 'receive', room, message: null, digest: 'd', position });
}

describe('the user who resumes in the place of others', () => {
  it('shows, in its own name, what one session of each room had read some time before', async () => {
    const intruder = intruderAt(['out']);
    await intruder.prepare();
    hear('1', 'r1', '7');
    hear('1', 'r1', '8');
    hear('2', 'r1', '9');
    hear('3', 'r2', '4');
    intruder.takeHandles();
    await intruder.resume();
    expect(tries).toEqual([
      { rooms: ['id of r1'], shown: {}, user: 'user 9' },
      { rooms: ['id of r1'], shown: { 'id of r1': '7' }, user: 'user 9' },
      { rooms: ['id of r2'], shown: { 'id of r2': '4' }, user: 'user 9' },
    ]);
  });

  it('asks again while the target does not answer', async () => {
    const intruder = intruderAt(['out', 'no-answer', 'no-answer', 'out']);
    await intruder.prepare();
    hear('1', 'r1', '7');
    intruder.takeHandles();
    await intruder.resume();
    expect(tries.map(({ shown }) => shown)).toEqual([
      ...[{}, { 'id of r1': '7' }, { 'id of r1': '7' }, { 'id of r1': '7' }],
    ]);
  });

  it('tries nothing where all may enter, and says so', async () => {
    const intruder = intruderAt(['in']);
    await intruder.prepare();
    hear('1', 'r1', '7');
    intruder.takeHandles();
    await intruder.resume();
    expect(tries).toHaveLength(1);
    expect(events.flatMap((event) => (event.kind === 'note' ? [event.text] : []))).toEqual([
      'any user may enter the rooms of this service: nobody tries to resume in another’s place',
    ]);
  });

  it('tries nothing where it is not known whether all may enter, or where nobody had read anything', async () => {
    const unsure = intruderAt(['no-answer']);
    await unsure.prepare();
    hear('1', 'r1', '7');
    unsure.takeHandles();
    await unsure.resume();
    expect(tries).toHaveLength(1);
    const early = intruderAt(['out']);
    await early.prepare();
    early.takeHandles();
    hear('1', 'r1', '7');
    await early.resume();
    expect(tries).toHaveLength(2);
  });
});
