import type { EventOf } from '../../../history/events.js';
import { shows } from '../../derived/proof.js';
import { struckOf } from '../../derived/returns.js';
import { fail, pass, present, sessionCause, unknown } from '../../finding.js';
import type { Finding } from '../../port.js';
import { agree, count, list, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

/** Going away, and service restart: clients come back after both. Source: RFC 6455 7.4.1, and IANA's registry. */
const goodbyes: readonly number[] = [1001, 1012];

export const closeCode = defineCheck({
  id: 'close-code',
  test: 'session',
  about: {
    question: 'Does the service say goodbye to its sessions in a way that makes them come back?',
    seenBy:
      'The code with which each connection was closed by a restart that leaves time for a goodbye. 1001 (going away) and 1012 (service restart) are right. 1006 means that there was no goodbye at all; 1000 tells many clients to stay away; 1011 is an error.',
    causes: [
      'The process ends at SIGTERM without closing its connections.',
      'The signal reaches a shell or npm instead of the process.',
      'The framework closes with its default, 1000 or 1011.',
    ],
    next: [
      'Handle SIGTERM: stop listening, finish what has begun, close each connection with 1012, then exit.',
      'If `exit-code` fails too, the process was killed before it could say anything.',
      "Where a client of your own tells no code: `tell.closed({ code })` or `tell.closed({ by: 'target' })`; or, where its protocol has none, `lacks: { 'close-codes': 'why' }`, and this is skipped.",
    ],
    modes: [61, 62],
  },
  needs: ['graceful', 'loss', 'close-codes', 'connection'],
  passesOn: 'presence',
  judge(context) {
    const { header } = context;
    const struck = struckOf(context).filter(
      ({ disruption }) => shows(header, disruption, 'graceful') && shows(header, disruption, 'loss'),
    );
    const closes = present(struck.map(({ had, lostAt }) => (lostAt === null ? null : had.close)));
    const wrong = closes.filter(isWrong);
    const coded = closes.filter(({ code }) => code !== undefined);
    const figures = { closes: closes.length, wrong: wrong.length };
    if (wrong.length > 0) return isShown(wrong, figures);
    if (closes.length === 0) return unknown('No connection was closed by the restart', { figures });
    if (coded.length === 0) return goodbyeWithoutCode(closes, figures);
    const codes = [...new Set(coded.map(({ code }) => String(code)))];
    return pass(`${count(coded.length, 'connection')} closed with ${list(codes)}`, {
      figures,
      evidence: closes.slice(0, 2),
    });
  },
});

/** Protocols without codes: that the service itself ended the connection is all the goodbye that they know. */
function goodbyeWithoutCode(closes: readonly EventOf<'close'>[], figures: Finding['figures']): Finding {
  const unsaid = closes.filter(({ by }) => by !== 'target');
  if (unsaid.length > 0)
    return unknown(
      `${count(unsaid.length, 'connection')} ended, and the client told neither a code nor that the service ended ${agree(unsaid.length, 'it', 'them')}`,
      { figures },
    );
  const summary = `${count(closes.length, 'connection')} closed by the service itself, in a protocol that has no codes for it`;
  return pass(summary, { figures, evidence: closes.slice(0, 2) });
}

/** Without a code: a connection that the network ended had no goodbye; a protocol without codes has nothing to say. */
function isWrong({ code, by }: EventOf<'close'>): boolean {
  return code === undefined ? by === 'network' : !goodbyes.includes(code);
}

function isShown(wrong: readonly EventOf<'close'>[], figures: Readonly<Record<string, number>>) {
  const who = wrong.map(({ session }) => session);
  const codes = [...new Set(wrong.map(({ code }) => String(code ?? 'no close frame')))];
  const summary = `The connections of ${sessionsInWords(who)} were closed with ${list(codes)} instead of 1001 or 1012`;
  return fail(summary, { figures, evidence: wrong.slice(0, 4), blames: who.map(sessionCause) });
}
