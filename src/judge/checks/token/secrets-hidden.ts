import { leaks } from '../../facts/leaks.js';
import { connections } from '../../facts/connections.js';
import { fail, pass, sessionCause, unknown } from '../../finding.js';
import { count, list, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

const places = { close: 'the reasons of closes', error: 'errors' } as const;

export const secretsHidden = defineCheck({
  id: 'secrets-hidden',
  test: 'token',
  about: {
    question: 'Are tokens and passwords absent from the errors and goodbyes of the service?',
    seenBy:
      'Everything that the service says is searched for the token and the password that the session has, as they are and encoded for an address, before it is written down; where one was found it is removed, and that it was there is recorded. Found in an error (a refusal, a negative answer, the body of a status that is no success) or in the reason of a close, it fails: those end in logs. In ordinary frames a token may have its place, and is only noted.',
    causes: [
      'An error quotes the request, or the address with its query, that it could not handle.',
      'Something throws in the first moments after a start, and its message, with what it was given, is sent to the client.',
    ],
    next: [
      'Read the event "refused", "nack" or "close" before each "leak" of the sessions that are named: [redacted] stands where the secret was.',
      'Answer with a code of your own, and keep the message of an exception in the service.',
    ],
    modes: [85],
  },
  needs: ['tokens'],
  uses: [leaks, connections],
  passesOn: 'absence',
  judge(context) {
    const shown = context.facts(leaks);
    const lines = [...context.facts(connections).values()];
    const attempts = lines.reduce((sum, { attempts: all }) => sum + all.length, 0);
    const figures = { attempts, shown: shown.length };
    if (shown.length > 0) {
      const sessions = shown.map(({ session }) => session);
      const where = [...new Set(shown.map((leak) => places[leak.where]))];
      const summary = `The service showed a secret in ${list(where)} to ${sessionsInWords(sessions)}`;
      return fail(summary, { figures, evidence: shown, blames: sessions.map(sessionCause) });
    }
    if (attempts === 0) return unknown('Nobody connected, so the service said nothing', { figures });
    return pass(`No secret in what the service said to ${count(lines.length, 'session')}`, { figures });
  },
});
