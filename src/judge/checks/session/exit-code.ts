import { shows } from '../../derived/proof.js';
import { timeline, type Restart } from '../../facts/timeline.js';
import { fail, pass, present, serviceCause, unknown } from '../../finding.js';
import { inWords as duration } from '../../../base/duration.js';
import { agree, list } from '../../words.js';
import { defineCheck } from '../define.js';

const facets = ['restart', 'graceful', 'exit-code'] as const;

export const exitCode = defineCheck({
  id: 'exit-code',
  test: 'session',
  about: {
    question: 'Does the process end by itself, cleanly, within its grace period?',
    seenBy:
      'After SIGTERM the process exits with code 0 before the grace period is over. Past it, it is killed, and whatever it was doing is cut. Only for processes that Outlast started itself.',
    causes: [
      'SIGTERM is not handled, or it reaches a shell or npm as the first process and is not passed on.',
      'An open connection, timer or pool keeps the process alive after everything else is done.',
      'Draining throws, and the process ends with an error.',
    ],
    next: [
      'Handle SIGTERM: take nothing new, close every connection, then exit with code 0.',
      'Start the process without a shell, or with `exec`, so that the signal reaches it.',
      'Look at its last lines of output in the run directory, below `target/`.',
    ],
    modes: [65, 66],
  },
  needs: facets,
  passesOn: 'presence',
  judge(context) {
    const telling = context
      .facts(timeline)
      .disruptions.filter((one) => facets.every((facet) => shows(context.header, one, facet)));
    const restarts = telling.flatMap((disruption) => disruption.restarts);
    const seen = restarts.filter(({ exited }) => exited !== null);
    const dirty = seen.filter((restart) => isDirty(restart));
    const figures = { exits: seen.length, dirty: dirty.length };
    const evidence = present(seen.flatMap(({ signal, exited }) => [signal, exited]));
    if (dirty.length > 0) {
      const blames = dirty.map(({ service }) => serviceCause(service));
      return fail(dirty.map(inWords).join('; '), { figures, evidence, blames });
    }
    if (seen.length < restarts.length || seen.length === 0) {
      return unknown('It was not seen how the process ended', { figures, evidence });
    }
    const services = list(seen.map(({ name }) => name));
    return pass(
      `${services} ended by ${agree(seen.length, 'itself', 'themselves')} with exit code 0, ${list(seen.map(took))} after the signal`,
      {
        figures,
        evidence,
      },
    );
  },
});

const isDirty = ({ exited }: Restart) => exited?.killed === true || exited?.exitCode !== 0;

function inWords(restart: Restart): string {
  const { name, exited } = restart;
  if (exited?.killed)
    return `${name} was still running when its grace period was over (${took(restart)}), and was killed`;
  if (exited?.exitCode === null || exited?.exitCode === undefined) {
    return `${name} was ended by ${exited?.signal ?? 'the signal'} itself: it does not handle it`;
  }
  return `${name} ended with exit code ${exited.exitCode} instead of 0`;
}

const took = ({ signal, begin, exited }: Restart) => duration((exited?.t ?? 0) - (signal ?? begin).t);
