import type { PlannedSession } from '../../history/events.js';
import { createKeeper } from '../identity/index.js';
import type { Settled } from '../provision/port.js';
import type { Target } from '../target/port.js';
import { enrol, type Member } from './member.js';
import type { Furniture } from './setup.js';
import type { Stage } from './stage.js';

/** Where sessions are enrolled. */
export interface Ground {
  readonly target: Target;
  readonly furniture: Furniture;
  readonly settled: Settled;
  /** By session, what stands between it and the target; those that are not in it dial the target itself. */
  readonly ways: ReadonlyMap<string, { through(address: URL): URL }>;
}

/** Makes a member of each planned session, in the order in which users were settled; they are closed with the scope. */
export function enrolAll(
  stage: Stage,
  planned: readonly PlannedSession[],
  ground: Ground,
): readonly Member[] {
  const { setup, recorder, random } = stage;
  const { target, furniture, settled, ways } = ground;
  const enrolment = {
    ...{ settled, client: setup.client, recorder, random },
    origin: (url: string) => new URL(target.resolve(url)),
    resolve: (session: string, address: string) => {
      const url = new URL(target.resolve(address));
      return ways.get(session)?.through(url) ?? url;
    },
    keeper: ({ session }: PlannedSession, user: Member['user'], observe: Member['observe']) =>
      createKeeper({ signIn: furniture.signIn, user, session, observe, redactor: recorder.redactor }),
  };
  const members = planned.map((one, index) => enrol(one, index, enrolment));
  stage.scope.undo('close the sessions', async () => {
    await Promise.all(members.map(({ client }) => client[Symbol.asyncDispose]()));
  });
  return members;
}
