import type { Event } from '../../../history/events.js';
import { deliveriesOf, type Miss } from '../../derived/deliveries.js';
import { givenAgainInWords } from '../../derived/given-again.js';
import { reads } from '../../facts/reads.js';
import { timeline, wholeAgainAt } from '../../facts/timeline.js';
import { returnsOf } from '../../derived/returns.js';
import { whenInWords } from '../../derived/when.js';
import { firstAckAt, firstAttemptAt } from '../../facts/message.js';
import { messages } from '../../facts/messages.js';
import { fail, messageCauses, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { agree, count, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const messagesLost = defineCheck({
  id: 'messages-lost',
  test: 'continuity',
  about: {
    question: 'Did every acknowledged message reach everyone who was owed it?',
    seenBy:
      'A message is owed to a reader who had joined its room before it was first sent and had not begun to leave when it was acknowledged, however often the connection broke in between, as far as the replay window of the contract reaches. It is lost when that reader never received it and did receive a later canary in the same room. A reader that is deaf or dead proves nothing.',
    causes: [
      'Messages are handed to those who are connected and to nobody else: who is away misses them.',
      'A reader that comes back is given what is new from then on, not what is new since its last message.',
      'They are acknowledged before they are durable: the last ones before the end sit in a buffer of the process.',
      'Numbers are given out before their transaction commits, and a cursor skips the one that commits late.',
    ],
    next: [
      'Is the message in the final read of the room? If `log-kept` fails as well, it was never stored for good.',
      'Does the sentence say that numbers were given again? Then the messages were acknowledged before they were durable: acknowledge after the commit.',
      'Look at the `join` event of the reader that is named: which cursor did it send, and what came after it?',
      'Was the reader away (cut), or connected all the time? The first is a fault of the replay, the second of live delivery.',
      'Where a protocol replays only so much, say so: `replayWindow` in the contract.',
    ],
    modes: [20, 22, 23, 24, 33],
  },
  needs: ['acknowledgements'],
  uses: [messages, reads],
  passesOn: 'absence',
  binds: ({ delivery }) => delivery !== 'at-most-once',
  judge(context) {
    const { misses, owed, messages: amount } = deliveriesOf(context);
    const lost = misses.filter(({ is }) => is === 'lost');
    const figures = {
      messages: amount,
      deliveries: owed,
      lost: lost.length,
      lostWithoutRestart: lost.filter(({ withoutRestart }) => withoutRestart).length,
      unproven: misses.filter(({ is }) => is === 'unproven').length,
      unclear: misses.filter(({ is }) => is === 'unclear').length,
    };
    if (lost.length > 0) return shownLoss(context, lost, figures);
    if (owed === 0)
      return unknown('No acknowledged message was owed to anyone, so nothing could be lost', { figures });
    if (misses.length > 0) return notKnown(misses, figures);
    return vacuous(context, figures) ?? allThere(figures);
  },
});

type Figures = Finding['figures'];

const allThere = (figures: Figures) => {
  const { messages: amount = 0, deliveries = 0 } = figures;
  const readers = count(deliveries, 'delivery', 'deliveries');
  return pass(
    `${count(amount, 'acknowledged message')} reached every reader who was owed ${agree(amount, 'it', 'them')} (${readers})`,
    { figures },
  );
};

/** Zero loss says nothing where readers never came back, or where nothing was acknowledged afterwards. */
function vacuous(context: Context, figures: Figures): Finding | null {
  const never = returnsOf(context).filter(({ back }) => back === null);
  if (never.length > 0) {
    const sessions = never.map(({ session }) => session);
    const summary = `Nothing is missing, but ${sessionsInWords(sessions)} never came back to show it`;
    return unknown(summary, { figures, blames: sessions.map(sessionCause) });
  }
  const readyAt = wholeAgainAt(context.facts(timeline));
  const all = [...context.facts(messages).messages.values()];
  if (all.some((message) => firstAckAt(message) !== null && firstAttemptAt(message) >= readyAt)) return null;
  return unknown('Nothing is missing, but nothing was acknowledged after the restart either', { figures });
}

function notKnown(misses: readonly Miss[], figures: Figures): Finding {
  const deaf = misses.filter(({ is }) => is === 'unproven');
  const readers = [...new Set(deaf.map(({ reader }) => reader))];
  const blames = readers.map(sessionCause);
  if (deaf.length > 0) {
    const summary = `${sessionsInWords(readers)} did not receive ${messagesOf(deaf)}, and no canary either: perhaps lost, perhaps deaf`;
    return unknown(summary, { figures, blames, evidence: evidenceOf(deaf) });
  }
  const summary = `${messagesOf(misses)} did not arrive, and their readers may have been there still, or away for about as long as the replay window: perhaps owed, perhaps not`;
  return unknown(summary, {
    figures,
    evidence: evidenceOf(misses),
    blames: messageCauses(misses.map(({ message }) => message.id)),
  });
}

function shownLoss(context: Context, lost: readonly Miss[], figures: Figures): Finding {
  const byRestart = lost.filter(({ withoutRestart }) => !withoutRestart);
  const everyday = lost.length - byRestart.length;
  const blames = messageCauses(lost.map(({ message }) => message.id));
  const more = { figures, blames, evidence: evidenceOf(byRestart.length > 0 ? byRestart : lost) };
  if (byRestart.length === 0) {
    const summary = `${inWords(context, lost)}: it loses them without any restart as well`;
    return fail(summary, more);
  }
  const aside =
    everyday === 0 ? '' : `; ${count(everyday, 'delivery', 'deliveries')} more failed without any restart`;
  const why = givenAgainInWords(context, new Set(byRestart.map(({ message }) => message.id)));
  return fail(`${inWords(context, byRestart)}${aside}${why === null ? '' : `; ${why}`}`, more);
}

/** The pair of reader and sender with the most losses, and how many others there are. */
function inWords(context: Context, lost: readonly Miss[]): string {
  const groups = new Map<string, Miss[]>();
  for (const miss of lost) {
    const pair = `${miss.reader} ${miss.message.sender}`;
    const group = groups.get(pair);
    if (group) group.push(miss);
    else groups.set(pair, [miss]);
  }
  const [worst = []] = [...groups.values()].sort((one, other) => other.length - one.length);
  const sent = whenInWords(
    context,
    worst.map(({ message }) => firstAttemptAt(message)),
  );
  const [first] = worst;
  const sentence = `session ${first?.reader ?? ''} never received ${messagesOf(worst)} that the service had acknowledged to session ${first?.message.sender ?? ''}, sent ${sent}`;
  const rest = lost.length - worst.length;
  if (rest === 0) return sentence;
  const readers = new Set(lost.map(({ reader }) => reader)).size;
  return `${sentence}; in all ${count(readers, 'session')} missed ${messagesOf(lost)} (${count(lost.length, 'delivery', 'deliveries')})`;
}

const messagesOf = (misses: readonly Miss[]) =>
  count(new Set(misses.map(({ message }) => message.id)).size, 'message');

/** For each: sent, acknowledged, and what the reader received later in that room. */
function evidenceOf(misses: readonly Miss[]): Event[] {
  return misses
    .slice(0, 4)
    .flatMap(({ message, canary }) => present<Event>([message.send, message.acks[0], canary]));
}
