import type { Event } from '../../../history/events.js';
import { keptOf, type Kept, type Vanished } from '../../derived/kept.js';
import { whenInWords } from '../../derived/when.js';
import { firstAttemptAt } from '../../facts/message.js';
import { messages } from '../../facts/messages.js';
import { reads } from '../../facts/reads.js';
import { fail, messageCause, pass, present, roomCause, unknown } from '../../finding.js';
import type { Context, Finding } from '../../port.js';
import { count, list, listed, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

export const logKept = defineCheck({
  id: 'log-kept',
  test: 'continuity',
  about: {
    question: 'Is everything that the service acknowledged still stored?',
    seenBy:
      'By a cold read: a newcomer who was never connected before reads each room from its beginning to its end, after the chat is over. A message that was acknowledged before that read began and is not in it has vanished. A surviving client can repair a service that forgot everything; only a newcomer sees it. A read that breaks off proves what is there, and never what is not.',
    causes: [
      'Messages live in the memory of the process, or in a cache with no persistence.',
      'The acknowledgement is sent before the transaction commits, or writes are collected and flushed later.',
      'The database was told not to wait for the disk, or its volume does not survive the restart.',
    ],
    next: [
      'When were the vanished messages sent? Only the last moments before the signal: acknowledged before durable. All of them: not stored at all.',
      'Acknowledge after the commit; compare a restart (SIGTERM) with a crash (SIGKILL).',
    ],
    modes: [20, 21, 35, 41, 64],
  },
  needs: ['acknowledgements', 'log'],
  uses: [messages, reads],
  passesOn: 'presence',
  judge(context) {
    const kept = keptOf(context);
    const figures = { judged: kept.judged, vanished: kept.vanished.length, damaged: kept.damaged };
    if (kept.vanished.length > 0) return shown(context, kept, figures);
    if (kept.unread.length > 0) {
      const rooms = list(kept.unread);
      return unknown(`No newcomer read ${rooms} to the end, so what is stored there is not known`, {
        figures,
        blames: kept.unread.map(roomCause),
      });
    }
    if (kept.judged === 0) {
      return unknown('No acknowledged message lies in a room that a newcomer read', { figures });
    }
    return pass(`${count(kept.judged, 'acknowledged message')}, all in the log that a newcomer reads`, {
      figures,
    });
  },
});

function shown(context: Context, { vanished, judged, damaged }: Kept, figures: Finding['figures']): Finding {
  const rooms = listed(vanished.map(({ room }) => room));
  const known = vanished.flatMap(({ message }) => (message ? [message] : []));
  const senders = sessionsInWords(known.map(({ sender }) => sender));
  const when = whenInWords(context, known.map(firstAttemptAt));
  const who = known.length === 0 ? '' : ` of ${senders}, sent ${when},`;
  const perhaps =
    damaged === 0 ? '' : `; ${count(damaged, 'stored text')} with a damaged identity may be among them`;
  const summary = `${count(vanished.length, 'acknowledged message')}${who} vanished from ${rooms} (of ${judged} judged)${perhaps}`;
  const blames = vanished.map(({ id }) => messageCause(id));
  return fail(summary, { figures, evidence: vanished.slice(0, 3).flatMap(evidenceOf), blames });
}

const evidenceOf = ({ message, read }: Vanished) =>
  present<Event>([message?.send, message?.acks[0], read.begin, read.end]);
