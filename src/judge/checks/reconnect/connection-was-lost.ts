import { shows, unprovedOf } from '../../derived/proof.js';
import { sessionsIn, struckOf, type Return } from '../../derived/returns.js';
import { timeline, type Disruption, type Restart } from '../../facts/timeline.js';
import { fail, pass, present, serviceCause, sessionCause, unknown } from '../../finding.js';
import type { Context, End, Finding } from '../../port.js';
import { agree, count, list, listed, sessionsInWords } from '../../words.js';
import { defineCheck } from '../define.js';

/** What was done is real, and the sessions' connections were really lost by it. */
export const connectionWasLost = defineCheck({
  id: 'connection-was-lost',
  test: 'reconnect',
  about: {
    question: 'Was the service really disrupted, and did sessions really lose their connection?',
    seenBy:
      'Of a restart, at the door of each service: it names another instance than before, or connections to its port were refused while its whole process group was dead. A process id proves nothing. Of a pause: every process was stopped, or the door hung. Of a network fault: how many connections it met. Then: how many of the sessions that were connected to what was disrupted saw their connection close.',
    causes: [
      'The command that restarts the service returned without restarting it.',
      'Another process, a stale one or another replica, kept answering on the same port.',
      'The health answer names something that does not change at a restart, such as the host.',
    ],
    next: [
      'Look at the events of kind "disruption" in the history: which instance answered before, and which after?',
      'Let the health answer of the service carry an id that is made anew at every start.',
      "Where a deploy is meant to be noticed by nobody, say `connectionLost: 'never'` in the contract.",
    ],
    modes: [69],
  },
  needs: [],
  passesOn: 'presence',
  judge(context, end) {
    const struck = context.facts(timeline).disruptions.filter(({ struckAt }) => struckAt !== null);
    const unproved = unprovedOf(context);
    if (struck.length === 0) return unknown('Nothing was disrupted in this history, so nothing is proved');
    const proved = struck.filter(({ restarts }) => !restarts.some((restart) => unproved.includes(restart)));
    const noticed = isNoticed(context, proved);
    if (noticed) return noticed;
    return unproved.length > 0 ? isUnproved(struck, unproved, context) : lostOrNot(context, end, struck);
  },
});

function isUnproved(
  struck: readonly Disruption[],
  unproved: readonly Restart[],
  { header }: Context,
): Finding {
  const services = [...new Set(unproved.map(({ name }) => name))];
  const isRestart = struck.some(
    (one) => shows(header, one, 'restart') && one.restarts.some((restart) => unproved.includes(restart)),
  );
  const [was, its] = [agree(services, 'was', 'were'), agree(services, 'its port was', 'their ports were')];
  const summary = isRestart
    ? `It is not proved that ${list(services)} ${was} restarted: the same instance, or none that names itself, answered before and after, and ${its} never seen closed${besideInWords(unproved)}`
    : `It is not proved that the restart of ${list(services)} ever had any effect`;
  const evidence = unproved.flatMap(({ begin, held, released, ready }) => [begin, held, released, ready]);
  return unknown(summary, {
    evidence: present(evidence),
    blames: unproved.map(({ service }) => serviceCause(service)),
  });
}

/** What a manager says beside the door decides nothing, and tells where to look. Source: semantics, "The restart". */
function besideInWords(unproved: readonly Restart[]): string {
  const told = unproved.flatMap(({ begin, ready }) =>
    begin.identity === undefined || ready?.identity === undefined ? [] : [[begin.identity, ready.identity]],
  );
  if (told.length === 0) return '';
  const isSame = told.every(([before, after]) => before === after);
  return isSame
    ? '. Beside the door its manager names the same before and after: the command restarted nothing'
    : '. Beside the door its manager names another than before, which shows that something was restarted, and not that it answers here';
}

/** What is found of the sessions that were connected to what some disruptions struck. */
function lostBy(context: Context, struck: readonly Disruption[]) {
  const sessions = struckOf(context).filter(({ disruption }) => struck.includes(disruption));
  const lost = sessions.filter(({ lostAt }) => lostAt !== null);
  const proofs = struck.flatMap(({ restarts }) => restarts);
  const atTheDoor = proofs.flatMap(({ begin, portClosed, held, ready }) => [begin, portClosed, held, ready]);
  const evidence = present([...atTheDoor, ...lost.slice(0, 3).map(({ had }) => had.close)]);
  return { sessions, lost, figures: { sessions: sessionsIn(sessions), lost: sessionsIn(lost) }, evidence };
}

/** Null: nobody noticed what is proved, or nobody promised that. */
function isNoticed(context: Context, proved: readonly Disruption[]): Finding | null {
  const { lost, figures, evidence } = lostBy(context, proved);
  if (context.header.contract.connectionLost !== 'never' || lost.length === 0) return null;
  const who = lost.map(({ session }) => session);
  const summary = `The contract promises that nobody notices, and ${sessionsInWords(who)} lost the connection by the restart`;
  return fail(summary, { figures, evidence, blames: who.map(sessionCause) });
}

function lostOrNot(context: Context, end: End, struck: readonly Disruption[]): Finding {
  const { sessions, lost, ...more } = lostBy(context, struck);
  const calm = struck.filter((disruption) => !lost.some((one) => one.disruption === disruption));
  const unharmed = sessions.filter(({ disruption }) => calm.includes(disruption));
  const which = calm.length < struck.length ? `disruption ${listed(calm.map(numberOf))}` : 'it';
  const nobody = `The restart is proved, and no session lost its connection by ${which}`;
  const doubt = calm.length === 0 ? null : doubtOf(context, end, unharmed);
  if (doubt !== null) return unknown(`${nobody}${doubt}`, more);
  if (lost.length === 0) return pass(nobody, more);
  const share = `${count(more.figures.lost, 'session')} of ${more.figures.sessions}`;
  return pass(`The restart is proved; ${share} lost the connection by it`, more);
}

const numberOf = ({ index }: Disruption) => String(index + 1);

/** That nobody lost it rests on absence: while the history goes on, somebody may still. Null: it is known. */
function doubtOf(context: Context, end: End, sessions: readonly Return[]): string | null {
  const { connectionLost } = context.header.contract;
  if (connectionLost === 'expected' && sessions.some((one) => isToLose(context, one)))
    return '; the contract expects that they do';
  return end?.how === 'completed' ? null : ', as far as the history goes';
}

/** Who holds no connection cannot lose it, whatever the contract expects. */
const isToLose = ({ header }: Context, { disruption }: Return): boolean =>
  header.plan.without.connection === undefined && shows(header, disruption, 'loss');
