import { messageOf, OutlastError } from '../../base/errors.js';
import type { DisruptionStep } from '../../history/events.js';
import { type AnyReplica, lastWords, type Look, type Service } from '../target/index.js';
import type { About, Scene } from './port.js';

/** One replica of a scene. */
export interface Part<R extends AnyReplica = AnyReplica> {
  readonly replica: R;
  readonly scene: Scene;
  tell(step: DisruptionStep, about?: About): void;
}

/**
 * Plays a part for every replica of the services, all at once, and waits for all of them. That a part has come to its end is told
 * as a step, and so is what fails; the first failure is thrown as `RESTART_FAILED` unless it says itself what happened, an
 * interruption as it is.
 */
export async function playAll(
  scene: Scene,
  services: readonly string[],
  play: (part: Part) => Promise<void>,
): Promise<void> {
  const replicas = services.flatMap((name) => serviceOf(scene, name).replicas);
  const outcomes = await Promise.allSettled(replicas.map((replica) => told(partOf(scene, replica), play)));
  scene.signal.throwIfAborted();
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

/** Plays what is done to the target as a whole, and tells that it began, and that it came to its end or failed. */
export async function playWhole(scene: Scene, play: () => Promise<void>): Promise<void> {
  scene.step('begin');
  try {
    await play();
  } catch (error) {
    scene.signal.throwIfAborted();
    scene.step('failed', { note: messageOf(error) });
    throw error;
  }
  scene.signal.throwIfAborted();
  scene.step('end');
}

/** The instance that a look showed, as a step tells it. */
export const instanceOf = ({ instance }: Look): About => (instance === undefined ? {} : { instance });

/** Plays a part. What fails is told as a step and thrown as `RESTART_FAILED`. */
export async function told<R extends AnyReplica>(
  part: Part<R>,
  play: (part: Part<R>) => Promise<void>,
): Promise<void> {
  try {
    await play(part);
    part.tell('end');
  } catch (error) {
    part.scene.signal.throwIfAborted();
    const failure = asFailure(part.replica, error);
    part.tell('failed', { note: failure.message });
    throw failure;
  }
}

/** A dependent that stays away, and a disruption that could not be done, say themselves what happened. */
const ownWords: readonly string[] = ['TARGET_GONE', 'DISRUPTION_FAILED'];

function asFailure(replica: AnyReplica, error: unknown): OutlastError {
  if (error instanceof OutlastError && ownWords.includes(error.code)) return error;
  const details =
    error instanceof OutlastError && error.details.length > 0 ? error.details : lastWords(replica);
  return new OutlastError('RESTART_FAILED', `${replica.name} did not come back: ${messageOf(error)}`, {
    ...{ details, cause: error },
  });
}

export function partOf<R extends AnyReplica>(scene: Scene, replica: R): Part<R> {
  const { service, index } = replica;
  return { replica, scene, tell: (step, about) => scene.step(step, { service, replica: index, ...about }) };
}

/** Throws `CONFIG_INVALID` for one that the target does not have. */
export function serviceOf({ target }: Pick<Scene, 'target'>, name: string): Service {
  const service = target.services.get(name);
  if (service) return service;
  throw new OutlastError(
    'CONFIG_INVALID',
    `expected one of the services ${[...target.services.keys()].join(', ')} to disrupt; got ${name}`,
  );
}
