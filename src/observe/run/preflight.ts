import type { Exit } from '../target/port.js';
import { Board } from './board.js';
import type { Cast } from './conductor.js';
import { Crew } from './crew.js';
import { enrolAll, type Ground } from './enrolment.js';
import { dialsOf, openGates } from './gates.js';
import type { Furniture } from './setup.js';
import { enter, type Stage } from './stage.js';
import { talk } from './talk.js';
import type { Header, Role } from '../../history/events.js';
import type { Settled } from '../provision/port.js';

/** Brings the target up and everyone in, before anything is disrupted. A text is the reason to skip the run. */
export async function preflight(stage: Stage, header: Header): Promise<Cast | string> {
  enter(stage, 'preflight');
  const { setup, scope, signal, recorder } = stage;
  const target = await setup.target.start({
    scope,
    signal,
    output: stage.output,
    died: (...death) => note(stage, ...death),
  });
  if ('absent' in target) return target.absent;
  const furniture = setup.furnish({ resolve: (text) => target.resolve(text), redactor: recorder.redactor });
  const settled = await provide(stage, header, furniture);
  for (const { disruption } of setup.strikes)
    await disruption.prepare?.({ target, scope, signal, dials: dialsOf(stage, target) });
  const crew = await gather(stage, header, { target, furniture, settled });
  const board = new Board();
  scope.undo('stop watching', () => Promise.resolve(stopWatching()));
  const stopWatching = recorder.watch((event) => board.see(event));
  const reason = await talk(stage, crew, board);
  return reason ?? { target, furniture, crew, board };
}

/** Users and rooms of the plan; they are taken away with the scope. */
export async function provide(stage: Stage, header: Header, furniture: Furniture): Promise<Settled> {
  const { scope, signal, setup } = stage;
  const { provision } = furniture;
  const sessions = header.plan.sessions;
  const names = [...new Set(sessions.flatMap(({ rooms }) => rooms))];
  const rooms = names.map((room) => ({
    room,
    members: sessions.flatMap((planned, index) => (planned.rooms.includes(room) ? [index] : [])),
  }));
  const tearDown = provision.tearDown?.bind(provision);
  if (tearDown)
    scope.undo('take users and rooms away', () => tearDown({ signal: AbortSignal.timeout(10_000) }));
  const settled = await provision.setUp({ run: setup.run, users: sessions.length, rooms }, { signal });
  if (provision.source === 'given') {
    stage.recorder.run({ kind: 'note', text: 'users and rooms were given: other runs may have used them' });
  }
  return settled;
}

/** Makes a member of each planned session, with the relay before those who will be cut. */
async function gather(stage: Stage, header: Header, ground: Omit<Ground, 'ways'>): Promise<Crew> {
  const { sessions } = header.plan;
  // Those who try tokens show the target itself, whatever becomes of the sessions' network.
  const roles: readonly Role[] = stage.setup.strikes.some(({ disruption }) => disruption.needsRelay)
    ? ['absentee', 'control-absentee', 'chatter', 'newcomer']
    : ['absentee', 'control-absentee'];
  const away = sessions.filter(({ role }) => roles.includes(role));
  const names = away.map(({ session }) => session);
  const gates = await openGates(stage, names, ground.target);
  return new Crew(enrolAll(stage, sessions, { ...ground, ways: gates }), gates);
}

/** A service that ends by itself is seen by its sessions too; the note says that it was not us. */
function note({ recorder }: Stage, service: string, exit: Exit): void {
  const how = exit.signal === null ? `with exit code ${exit.exitCode}` : `by ${exit.signal}`;
  recorder.run({ kind: 'note', text: `${service} ended ${how}, and nobody here asked it to` });
}
