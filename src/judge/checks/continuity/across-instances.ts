import type { Event } from '../../../history/events.js';
import { atMostLikely, rare } from '../../derived/chance.js';
import { lanesOf, refusalsOf, type Lane, type Refusals } from '../../derived/lanes.js';
import { messages } from '../../facts/messages.js';
import { fail, messageCause, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Cause, Finding } from '../../port.js';
import { agree, count, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const acrossInstances = defineCheck({
  id: 'across-instances',
  test: 'continuity',
  about: {
    question:
      'Do sessions on different instances hear each other, also while old and new ones run side by side?',
    seenBy:
      'For each message: on which instance its sender was, and on which its readers were who stayed connected all the while. Those on the sender’s own instance are compared with those on others. It fails when what is missing lies between instances so much more often than within them that chance would hardly ever do it (one run in ten thousand). If it lies only between instances from before their restart and from after it, the two versions do not understand each other; so it does when messages are refused only while both are there.',
    causes: [
      'Each instance hands messages to its own connections, and nothing carries them to the others (no adapter, no broker, no LISTEN).',
      'The connection to the broker was lost at the restart, and is not made again.',
      'A new version writes frames, or rows, that the old one does not read; or refuses those of the old one.',
    ],
    next: [
      'Connect the instances: a broker or the database tells each of them what all others took.',
      'Let a version read what the next one writes before the next one writes it: two rollouts instead of one.',
      'Look at the events "open" of the sender and of the reader that are named: which instances?',
    ],
    modes: [75, 76],
  },
  needs: ['balancer', 'instance', 'acknowledgements'],
  uses: [messages],
  passesOn: 'absence',
  binds: ({ delivery }) => delivery !== 'at-most-once',
  judge(context) {
    const { amounts, missingWithin, between, senders } = surveyOf(lanesOf(context));
    const refusals = refusalsOf(context);
    const across = amounts.generation + amounts.version;
    const figures = {
      within: amounts.same,
      across,
      acrossVersions: amounts.version,
      missingWithin,
      missingAcross: between.length,
      refusedSideBySide: refusals.sideBySide.length,
    };
    if (areOfOneKind(between.length, missingWithin + between.length, across, amounts.same + across)) {
      return doNotHear(between, figures);
    }
    if (areRefusedTogether(refusals)) return areRefused(refusals, figures);
    if (across === 0) return neverApart(senders, figures);
    return hearEachOther(between, figures);
  },
});

/** What all lanes show: there may be millions. */
interface Survey {
  readonly amounts: Readonly<Record<Lane['across'], number>>;
  /** Those within one instance in which somebody is missing. */
  readonly missingWithin: number;
  /** Those between instances in which somebody is missing. */
  readonly between: readonly Lane[];
  readonly senders: ReadonlySet<string>;
}

function surveyOf(lanes: Iterable<Lane>): Survey {
  const amounts = { same: 0, generation: 0, version: 0 };
  const between: Lane[] = [];
  const senders = new Set<string>();
  let missingWithin = 0;
  for (const lane of lanes) {
    amounts[lane.across] += 1;
    senders.add(lane.message.sender);
    if (lane.missing.length === 0) continue;
    if (lane.across === 'same') missingWithin += 1;
    else between.push(lane);
  }
  return { amounts, missingWithin, between, senders };
}

function neverApart(senders: Iterable<string>, figures: Finding['figures']): Finding {
  return unknown('No two sessions of one room were on different instances', {
    figures,
    blames: [...senders].map(sessionCause),
  });
}

/** Is so much of what is missing of this kind, that chance would hardly ever do it? */
const areOfOneKind = (ofKind: number, all: number, kind: number, lanes: number) =>
  atMostLikely(ofKind, all, kind / lanes) <= rare;

function doNotHear(between: readonly Lane[], figures: Finding['figures']): Finding {
  const { across = 0, acrossVersions = 0, within = 0, missingWithin = 0 } = figures;
  const readers = between.flatMap(({ missing }) => missing);
  const ids = new Set(between.map(({ message }) => message.id));
  const scope = areOfVersions(between, acrossVersions, across)
    ? 'between instances from before their restart and from after it'
    : 'between instances';
  const summary = `${count(ids.size, 'message')} did not pass ${scope}${exampleOf(between)}; missing ${between.length} of ${count(across, 'time')} across instances, ${missingWithin} of ${count(within, 'time')} within one`;
  const blames: Cause[] = [...[...ids].map(messageCause), ...readers.map(sessionCause)];
  const evidence = between
    .slice(0, 3)
    .flatMap(({ message }) => present<Event>([message.send, message.acks[0]]));
  return fail(summary, { figures, evidence, blames });
}

/** Does all of it lie between versions, so that chance would hardly ever do it, and nothing between instances of one? */
function areOfVersions(between: readonly Lane[], versions: number, across: number): boolean {
  const isAll = between.every(({ across }) => across === 'version');
  return isAll && areOfOneKind(between.length, between.length, versions, across);
}

function exampleOf([lane]: readonly Lane[]): string {
  if (!lane) return '';
  const { from, to, message, missing } = lane;
  return `: what session ${message.sender} said on ${nameOf(from)} did not reach ${sessionsInWords(missing)} on ${nameOf(to)}`;
}

const nameOf = ({ name, generation }: Lane['from']) => (generation === 0 ? name : `${name} (restarted)`);

/** Were messages refused only while old and new instances were there, and then more often than chance would? */
function areRefusedTogether({ sideBySide, otherwise, offered, offeredSideBySide }: Refusals): boolean {
  const refused = sideBySide.length;
  return otherwise === 0 && areOfOneKind(refused, refused, offeredSideBySide, offered);
}

function areRefused({ sideBySide }: Refusals, figures: Finding['figures']): Finding {
  const senders = sideBySide.map(({ session }) => session);
  const summary = `${count(sideBySide.length, 'message')} of ${sessionsInWords(senders)} ${agree(sideBySide.length, 'was', 'were')} refused while old and new instances ran side by side, and none before or after: "${sideBySide[0]?.reason ?? ''}"`;
  const blames = [...sideBySide.map(({ message }) => messageCause(message)), ...senders.map(sessionCause)];
  return fail(summary, { figures, evidence: sideBySide.slice(0, 4), blames });
}

function hearEachOther(between: readonly Lane[], figures: Finding['figures']): Finding {
  const { across = 0, acrossVersions = 0 } = figures;
  if (between.length > 0) {
    const amount = `${count(between.length, 'message')} did not pass between instances`;
    const { missingWithin = 0 } = figures;
    if (missingWithin > 0)
      return pass(`${amount}, but ${missingWithin} did not reach the sender’s own either`, { figures });
    return pass(`${amount}: too few to lay it to them, and not to chance`, { figures });
  }
  const versions =
    acrossVersions > 0
      ? `, ${acrossVersions} of them between an old and a new one`
      : '; no session on an old instance had to hear one on a new one';
  return pass(
    `${count(across, 'time')} a message passed from one instance to readers on another${versions}`,
    { figures },
  );
}
