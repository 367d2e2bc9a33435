import type { Contract } from '../../../contract/data.js';
import type { Event, EventOf } from '../../../history/events.js';
import type { Fault } from '../../derived/placement.js';
import { idleFinding, streamedOf, wasUnderWay, type Streamed } from '../../derived/streams.js';
import { disruptionsInWords } from '../../derived/met.js';
import { answers } from '../../facts/answers.js';
import { timeline, type Disruption } from '../../facts/timeline.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { agree, count, grouped } from '../../words.js';
import { defineCheck } from '../define.js';

export const answersContinuous = defineCheck({
  id: 'answers-continuous',
  test: 'continuity',
  about: {
    question:
      'Does what a reader gets of an answer after the restart continue what it had, with nothing twice and nothing missing?',
    seenBy:
      'What a reader got, over all its connections, is laid along the text that is stored in the end. At each part that does not follow the one before, the place is looked for at which it does stand: earlier, and what lies between came twice; later, and that is missing; nowhere, and the answer was made anew. A half of a character that is not in the stored text shows that a text was cut in the wrong unit.',
    causes: [
      'The replay begins at the last part that the reader has, or after the next one, instead of right after it (`>=` for `>`).',
      'The cursor is not looked at when a reader comes back: it gets everything again, or only what is new.',
      'The answer is generated again after the restart, and nobody tells its reader that what it has is void.',
      'Positions are counted in characters in one place and in bytes or UTF-16 units in another.',
      'Frames that are no parts (pings, states) carry ids of their own: they move the cursor of every browser past a part.',
    ],
    next: [
      'Look at the `connect` step of the reader that is named: which cursor did it send, and which part came first?',
      'Give ids to parts only, count them in one unit, and read with `>` from where parts are stored.',
      'If it was generated again: go on from the text that is stored, or tell the reader to forget what it has.',
    ],
    modes: [52, 53, 54, 55, 57, 58],
  },
  needs: ['streams'],
  uses: [answers],
  passesOn: 'presence',
  binds: ({ delivery }) => delivery !== 'at-most-once',
  judge(context) {
    const streamed = streamedOf(context).map((one) => promised(one, context.header.contract));
    const underWay = streamed.filter(wasUnderWay);
    const wentOn = underWay.filter(({ interruptions }) => interruptions.some(({ wentOn }) => wentOn));
    const broken = streamed.filter(({ placement }) => (placement?.faults.length ?? 0) > 0);
    const figures = { underWay: underWay.length, resumed: wentOn.length, ...countsOf(broken) };
    if (broken.some(isForeign)) return isOfAnotherText(figures);
    if (broken.length > 0) return isBroken(broken, figures);
    return notKnown(context, underWay, figures) ?? isContinuous(underWay.length, wentOn.length, figures);
  },
});

/** Why nothing can be said; null: something can. */
function notKnown(
  context: Context,
  underWay: readonly Streamed[],
  figures: Finding['figures'],
): Finding | null {
  const idle = idleFinding(context, underWay, figures);
  if (idle) return idle;
  const unread = underWay.filter(({ placement }) => placement === null);
  if (unread.length > 0) {
    const what = `What is stored of ${count(unread.length, 'answer')} is not known`;
    const blames = unread.map(({ answer }) => sessionCause(answer.session));
    return unknown(`${what}, so nothing could be compared with it`, { figures, blames });
  }
  const stopped = stoppedBy(underWay);
  if (stopped.length === 0) return null;
  const { disruptions } = context.facts(timeline);
  const when = disruptions.length === 1 ? '' : ` after ${disruptionsInWords(context, stopped)}`;
  const blames = underWay.filter((one) => stopped.some((by) => isLostBy(one, by)));
  return unknown(`No reader that came back to its answer${when} got anything more of it`, {
    figures,
    blames: blames.map(({ answer }) => sessionCause(answer.session)),
  });
}

/** The disruptions after which readers came back, and nobody was told anything more. */
function stoppedBy(underWay: readonly Streamed[]): readonly Disruption[] {
  const lost = underWay.flatMap(({ interruptions }) => interruptions.filter(({ wasLost }) => wasLost));
  const wentOn = new Set(lost.filter((one) => one.wentOn).map(({ disruption }) => disruption));
  return [...new Set(lost.map(({ disruption }) => disruption))].filter((one) => !wentOn.has(one));
}

const isLostBy = ({ interruptions }: Streamed, by: Disruption) =>
  interruptions.some(({ disruption, wasLost }) => wasLost && disruption === by);

/** At least once, a part may come again under its id: who reads it can tell. */
function promised(one: Streamed, { delivery }: Contract): Streamed {
  const { placement, answer } = one;
  if (delivery !== 'at-least-once' || !placement) return one;
  const hasId = ({ position, index }: EventOf<'part'>) =>
    answer.parts.some(
      (part) => part.index < index && part.position !== undefined && part.position === position,
    );
  const faults = placement.faults.filter(({ is, part }) => is !== 'repeated' || !hasId(part));
  return { ...one, placement: { ...placement, faults } };
}

/** Even an answer that nothing disturbed stands nowhere in what is stored: the two are not the same text. */
const isForeign = (one: Streamed) =>
  !wasUnderWay(one) && one.answer.purpose === 'control' && one.placement?.faults[0]?.is === 'elsewhere';

function isOfAnotherText(figures: Finding['figures']): Finding {
  const advice = 'Do `frame` and `text` of `answers` give the same text?';
  return unknown(
    `Even the answer that was over before the restart is not stored as it was streamed. ${advice}`,
    { figures },
  );
}

function countsOf(broken: readonly Streamed[]): Finding['figures'] {
  const all = broken.flatMap(({ placement }) => placement?.faults ?? []);
  const units = (is: 'repeated' | 'missing') =>
    all.reduce((sum, fault) => sum + (fault.is === is ? fault.units : 0), 0);
  return {
    broken: broken.length,
    repeatedUnits: units('repeated'),
    missingUnits: units('missing'),
    splits: all.filter(({ is }) => is === 'split').length,
    altered: all.filter(({ is }) => is === 'altered').length,
    madeAnew: all.filter(({ is }) => is === 'elsewhere').length,
  };
}

function isBroken(broken: readonly Streamed[], figures: Finding['figures']): Finding {
  const [first] = broken;
  const rest = broken.length - 1;
  const others =
    rest === 0 ? '' : `; ${count(rest, 'more answer')} ${agree(rest, 'does', 'do')} not continue either`;
  const everyday = broken.every((one) => !wasUnderWay(one)) ? ', without any restart' : '';
  const [fault] = first?.placement?.faults ?? [];
  const summary =
    first && fault ? `session ${first.answer.session} ${inWords(fault, first)}${everyday}${others}` : '';
  return fail(summary, {
    figures,
    evidence: broken.slice(0, 3).flatMap(evidenceOf),
    blames: broken.map(({ answer }) => sessionCause(answer.session)),
  });
}

/** After the name of the session. */
function inWords(fault: Fault, { answer }: Streamed): string {
  const connect = connectOf(fault.part, answer);
  const said =
    connect?.cursor === undefined
      ? ', although it had read so far'
      : `, although it had said that it has ${connect.cursor}`;
  switch (fault.is) {
    case 'repeated':
      if (fault.from === 0)
        return `got its answer again from the beginning (${count(fault.units, 'character')})${said}`;
      return `got ${range(fault)} of its answer twice${said}`;
    case 'missing':
      return `never got ${range(fault)} of its answer${movedBy(connect, answer)}`;
    case 'split':
      return `got half a character at the seam: the answer was cut in another unit than that of its cursor${connect?.cursor === undefined ? '' : ` (${connect.cursor})`}`;
    case 'altered':
      return 'got an answer of which some letter is another one in the stored text';
    case 'elsewhere':
      return `got ${count(fault.parts, 'part')} of an answer that ${agree(fault.parts, 'stands', 'stand')} nowhere in the stored one: it was made anew, and does not continue`;
  }
}

function range({ from, units }: { readonly from: number; readonly units: number }): string {
  return units === 1
    ? `character ${grouped(from + 1)}`
    : `characters ${grouped(from + 1)}–${grouped(from + units)}`;
}

const connectOf = ({ attempt }: EventOf<'part'>, { connections }: Streamed['answer']) =>
  connections.find((event) => event.step === 'connect' && event.attempt === attempt);

/** Where the cursor was that of a frame that is no part. */
function movedBy(connect: EventOf<'stream'> | undefined, { controls, parts }: Streamed['answer']): string {
  const cursor = connect?.cursor;
  if (cursor === undefined) return '';
  const earlier = ({ attempt }: { readonly attempt: number }) => attempt < (connect?.attempt ?? 0);
  const isOfPart = parts.some((part) => earlier(part) && part.position === cursor);
  const isOfControl = controls.some((control) => earlier(control) && control.position === cursor);
  return isOfControl && !isOfPart
    ? `: a frame that is no part had moved its cursor to ${cursor}`
    : `: it came back with ${cursor}`;
}

function evidenceOf({ answer, placement }: Streamed): Event[] {
  const [fault] = placement?.faults ?? [];
  if (!fault) return [];
  const connect = connectOf(fault.part, answer);
  const earlier = answer.parts.findLast(({ index }) => index < fault.part.index);
  const control = answer.controls.findLast(({ attempt }) => attempt < fault.part.attempt);
  return present<Event>([earlier, control, connect, fault.part]);
}

function isContinuous(underWay: number, wentOn: number, figures: Finding['figures']): Finding {
  if (wentOn === 0) {
    return pass(
      `${count(underWay, 'answer')} under way went on over the restart, and no reader lost its connection`,
      { figures },
    );
  }
  return pass(
    `${count(wentOn, 'answer')} went on after the restart exactly where ${agree(wentOn, 'its reader', 'their readers')} had stopped`,
    {
      figures,
    },
  );
}
