import type { EventOf } from '../../../src/history/events.js';
import { blowsIn, shows, type Blow } from './restart.js';
import { least, most, of, provided, remembered, type Oracle, type Told } from './reading.js';

type Step = EventOf<'stream'>;
type Part = EventOf<'part'>;

/** All that is known of one answer. */
interface Answer {
  readonly purpose: Step['purpose'];
  readonly isAsked: boolean;
  readonly steps: readonly Step[];
  readonly parts: readonly Part[];
  readonly over: Step | undefined;
  readonly cancelled: Step | undefined;
  readonly before: EventOf<'stored-answer'> | undefined;
  readonly after: EventOf<'stored-answer'> | undefined;
}

const answersIn = remembered((told): Answer[] => {
  const events = [...of(told, 'stream'), ...of(told, 'part'), ...of(told, 'stored-answer')];
  return [...new Set(events.map(({ stream }) => stream))].map((stream) => {
    const steps = of(told, 'stream', (event) => event.stream === stream);
    const stored = of(told, 'stored-answer', (event) => event.stream === stream);
    return {
      purpose: steps.find(({ step }) => step === 'ask')?.purpose ?? 'restart',
      isAsked: steps.some(({ step }) => step === 'asked'),
      steps,
      parts: of(told, 'part', (event) => event.stream === stream),
      over: steps.find(({ step }) => step === 'end' || step === 'error' || step === 'give-up'),
      cancelled: steps.find(({ step }) => step === 'cancelled'),
      before: stored.filter(({ at }) => at === 'before').at(-1),
      after: stored.filter(({ at }) => at === 'after').at(-1),
    };
  });
});

/** Those that were not to be cancelled and that the target took. */
const judgedIn = (told: Told) =>
  answersIn(told).filter(({ purpose, isAsked }) => purpose !== 'cancel' && isAsked);

/** A restart struck while it was made. */
const isStruckBy = ({ struckAt: t }: Blow, { parts, over }: Answer) =>
  (parts[0]?.t ?? Infinity) < t && t < (over?.t ?? Infinity);

const isUnderWay = (told: Told, answer: Answer) => blowsIn(told).some((blow) => isStruckBy(blow, answer));

/** All that its reader got, one after the other. */
const readOf = ({ parts }: Answer) => parts.map(({ sketch }) => sketch).join('');
const unitsOf = (parts: readonly Part[]) => parts.reduce((sum, { units }) => sum + units, 0);

/** Does one of these texts stand in the other, at whole characters? */
function stands(part: Part | undefined, stored: string): boolean {
  if (!part) return false;
  const digits = part.sketch.length / Math.max(1, part.units);
  for (let at = stored.indexOf(part.sketch); at !== -1; at = stored.indexOf(part.sketch, at + 1)) {
    if (at % digits === 0) return true;
  }
  return false;
}

type Fate = 'complete' | 'unclear' | 'bad';

function fateOf(answer: Answer): Fate {
  const { after, over, parts } = answer;
  if (!after) return 'unclear';
  if (after.sketch === null) return 'bad';
  if (!over) return 'unclear';
  if (over.step === 'give-up') return over.reason === 'the run goes on' ? 'unclear' : 'bad';
  if (over.step === 'error') return 'bad';
  const last = parts.at(-1);
  const isCut = after.sketch.startsWith(readOf(answer))
    ? unitsOf(parts) < after.units
    : stands(last, after.sketch) && !after.sketch.endsWith(last?.sketch ?? '');
  const isSame = over.digest !== undefined && over.digest === after.digest;
  return (isCut && !isSame) || after.whole === false ? 'bad' : 'complete';
}

const complete: Oracle = (told) => {
  const fates = judgedIn(told).map(fateOf);
  if (fates.includes('bad')) return 'fail';
  return provided(told, 'presence', isEachMet(told) && !fates.includes('unclear') ? 'pass' : 'unknown');
};

/** At least one restart, and at each of them some answer was being made. */
function isEachMet(told: Told): boolean {
  const blows = blowsIn(told);
  const all = judgedIn(told);
  return blows.length > 0 && blows.every((blow) => all.some((answer) => isStruckBy(blow, answer)));
}

/** What it got is not the stored text, as far as it goes. */
function isBroken(answer: Answer): boolean {
  const { after, over, parts } = answer;
  if (!after || after.sketch === null) return false;
  const areTold = over?.digest !== undefined && after.digest !== undefined;
  if (areTold && over.digest === after.digest) return false;
  const isAll = readOf(answer) === after.sketch && parts.length > 0;
  return !after.sketch.startsWith(readOf(answer)) || (isAll && areTold);
}

/** Even the undisturbed one begins with what stands nowhere. */
function isForeign(told: Told, answer: Answer): boolean {
  if (answer.purpose !== 'control' || isUnderWay(told, answer) || !isBroken(answer)) return false;
  const stored = answer.after?.sketch ?? '';
  const wrong = answer.parts.find(
    (_, index) => !stored.startsWith(readOf({ ...answer, parts: answer.parts.slice(0, index + 1) })),
  );
  return wrong !== undefined && !stands(wrong, stored);
}

const continuous: Oracle = (told) => {
  const all = judgedIn(told);
  if (all.some((answer) => isForeign(told, answer))) return 'unknown';
  if (all.some(isBroken)) return 'fail';
  const underWay = all.filter((answer) => isUnderWay(told, answer));
  const isRead = underWay.every(({ after }) => after !== undefined && after.sketch !== null);
  const isMore = blowsIn(told).every((blow) => isMoreAfter(blow, underWay));
  return provided(told, 'presence', isEachMet(told) && isRead && isMore ? 'pass' : 'unknown');
};

/** Of those who lost their connection by it, somebody was told more. */
function isMoreAfter(blow: Blow, all: readonly Answer[]): boolean {
  const lost = all
    .filter((answer) => isStruckBy(blow, answer))
    .flatMap(({ steps, parts }) => {
      const loss = steps.find(({ step, t }) => (step === 'lost' || step === 'refused') && t >= blow.struckAt);
      return loss ? [parts.some(({ attempt }) => attempt > (loss.attempt ?? Infinity))] : [];
    });
  return lost.length === 0 || lost.includes(true);
}

/** Confirmed before anything struck, while it was made, and what stood there then was seen. */
function isCancelled(told: Told, { cancelled, before, over }: Answer): boolean {
  const struckAt = least(blowsIn(told).map((blow) => blow.struckAt));
  if (!cancelled || !before || before.sketch === null || before.state === 'done') return false;
  if (cancelled.t >= struckAt || before.t < cancelled.t || before.t > struckAt) return false;
  return over?.step !== 'end' || over.t >= cancelled.t || before.state === 'cancelled';
}

/** Longer than it was, as it is stored or by what came of it since and stood nowhere then. */
function isGrown({ before, after, parts }: Answer): boolean {
  const then = before?.units ?? 0;
  const isNew = (part: Part) => part.t > (before?.t ?? 0) && !stands(part, before?.sketch ?? '');
  return (after?.units ?? 0) > then || parts.some(isNew);
}

const cancelled: Oracle = (told) => {
  const tried = answersIn(told).filter((answer) => answer.purpose === 'cancel' && isCancelled(told, answer));
  if (tried.some(isGrown)) return 'fail';
  const isRead = tried.every(({ after }) => after !== undefined);
  return provided(told, 'presence', tried.length > 0 && isRead ? 'pass' : 'unknown');
};

/** Of each answer, the connection that was open at a signal, and how it went with it until that restart was over. */
const finished: Oracle = (told) => {
  const left = blowsIn(told).filter((blow) => shows(told, blow, 'graceful', 'restart', 'loss'));
  const byBlow = left.map((blow) => answersIn(told).flatMap((one) => fateAt(blow, one) ?? []));
  if (byBlow.flat().includes('network')) return 'fail';
  const isEach = byBlow.length > 0 && byBlow.every((fates) => fates.includes('target'));
  return provided(told, 'presence', isEach ? 'pass' : 'unknown');
};

/** Null: none was open. */
function fateAt({ struckAt, steps: ofBlow }: Blow, { steps, over }: Answer): string | null {
  const ends = ofBlow.filter(({ step }) => step === 'end').map(({ t }) => t);
  const overAt = ends.length > 0 ? most(ends) : Infinity;
  const open = steps.filter(({ step, t }) => step === 'open' && t < struckAt).at(-1);
  if (!open) return null;
  const lost = steps.find(({ step, attempt }) => step === 'lost' && attempt === open.attempt);
  const end = lost ?? (over?.attempt === open.attempt ? over : undefined);
  if (end && end.t < struckAt) return null;
  if (!end || end.t > overAt) return 'unclear';
  return end.step === 'lost' ? (end.by ?? 'unclear') : 'target';
}

export const streamed: Readonly<Record<string, Oracle>> = {
  'answers-complete': complete,
  'answers-continuous': continuous,
  'answers-cancelled': cancelled,
  'requests-finished': finished,
};
