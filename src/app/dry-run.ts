import { inWords } from '../base/duration.js';
import type { Role } from '../history/events.js';
import { createRedactor } from '../observe/record/index.js';
import { headerOf, type Setup } from '../observe/run/index.js';
import { startGuardian } from '../system/index.js';
import type { RunOptions } from './port.js';
import { refuse } from './refusals.js';
import { prepare } from './run.js';

/** What a run would do, in words. Throws what a run would throw before it touches anything. */
export async function dryRun(options: RunOptions): Promise<string> {
  await using guardian = startGuardian();
  const nothing = () => undefined;
  const means = { redactor: createRedactor(), guardian, note: nothing, broken: nothing };
  const setup = await prepare(options, means);
  refuse(setup, options);
  return describeRun(setup);
}

/** What a run would do, in words, a thing a line. */
function describeRun(setup: Setup): string {
  const { plan, contract } = headerOf(setup, new Date(0).toISOString());
  const count = (role: Role) => plan.sessions.filter((session) => session.role === role).length;
  const people = [
    `${count('chatter')} chat`,
    `${count('absentee')} are away during the disruption`,
    `${count('control-absentee')} are away before it`,
    `${count('newcomer')} come afterwards`,
  ];
  const services = setup.target.services.map(serviceInWords);
  const { restartMs, reconnectMs, recoveryMs, totalMs } = contract.budgets;
  return [
    `services    ${services.join(', ')}`,
    `sessions    ${setup.workload.sessions} in rooms of ${setup.workload.roomSize}: ${people.join(', ')}`,
    `chat        ${setup.workload.messagesPerSecond} messages a second, over ${setup.client.name} to ${setup.client.dials.join(' and ')}`,
    `disruption  ${setup.strikes.map(({ disruption }) => `${disruption.type} of ${disruption.services.join(' and ')}`).join(', then ')}`,
    `contract    ${contract.delivery}, order by ${contract.order}`,
    `budgets     restart ${inWords(restartMs)}, reconnect ${inWords(reconnectMs)}, recovery ${inWords(recoveryMs)}, all ${inWords(totalMs)}`,
    `tests       ${plan.tests.join(', ')}`,
    ...Object.entries(plan.without).map(([facet, reason]) => `without     ${facet}: ${reason}`),
    '',
  ].join('\n');
}

function serviceInWords({ name, powers, replicas, spares }: Setup['target']['services'][number]): string {
  const several = replicas > 1 ? `${replicas} × ` : '';
  const reserve = spares > 0 ? [`${spares} in reserve`] : [];
  return `${several}${name} (${[[...powers].join(', ') || 'watched', ...reserve].join('; ')})`;
}
