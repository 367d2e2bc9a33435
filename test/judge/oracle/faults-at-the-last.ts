import { exactlyOnce } from '../../../src/contract/contracts.js';
import type { Contract } from '../../../src/contract/data.js';
import type { Event, EventOf } from '../../../src/history/events.js';
import { under, without } from '../story.js';
import { budget, faults, gap, isCanary } from './faults.js';
import { picked, type Fault, type Plant } from './ground.js';

/** A reader who was there all the time lacks a message: no replay window excuses that. */
const missingThere: Plant = (story, share) => {
  const one = picked(story, share, 'receive', (event) => {
    const sent = story.events.find((send) => send.kind === 'send' && send.message === event.message);
    const isLive = sent !== undefined && event.t - sent.t < 1 && !isCanary(story, event.message);
    return isLive && story.events.some((next) => isAfterOnIt(event, next));
  });
  return without(story, (event) => event === one);
};

const isAfterOnIt = (one: EventOf<'receive'>, next: Event) =>
  next.kind === 'receive' && next.session === one.session && next.conn === one.conn && next.t > one.t + 1;

const windowed =
  (replayWindow: Contract['replayWindow'], plant: Plant): Plant =>
  (story, share) =>
    under(plant(story, share), exactlyOnce({ replayWindow }));

/** What only the last of several restarts is too slow for, by what it takes itself: some 450 ms where the first took at most 150. */
const slow = { restartMs: 300, reconnectMs: 300, recoveryMs: 300 };

/** Faults by the last of several restarts, of which some are outages. */
export const faultsAtTheLast: readonly Fault[] = [
  ...faults.filter(({ isOfAll }) => !isOfAll),
  { name: 'a slow reconnect', finds: 'reconnect-time', plant: budget(slow) },
  { name: 'slow reconnects', finds: 'reconnect', plant: budget(slow) },
  { name: 'a slow recovery', finds: 'recovery', plant: budget(slow) },
  { name: 'a slow restart', finds: 'restart', plant: budget(slow) },
  {
    name: 'a gap in the replay of who was away for no longer than the window',
    finds: 'messages-lost',
    plant: windowed({ ms: 60_000 }, gap),
  },
  {
    name: 'a gap in the replay of no more than the window holds',
    finds: 'resumed-honestly',
    plant: windowed({ messages: 500 }, gap),
  },
  {
    name: 'a message that one reader misses who was there, however short the window',
    finds: 'messages-lost',
    plant: windowed({ ms: 1 }, missingThere),
  },
];
