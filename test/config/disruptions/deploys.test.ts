import { describe, expect, it } from 'vitest';
import { command, watch } from '../../../src/config/face.js';
import { checkedDisruption, problemsOfDisruption as problems } from '../problems-of.js';

// The disruptions that somebody else does.

const duration = "a duration such as 250 (milliseconds), '250ms', '10s' or '2m'";

describe('command', () => {
  it('takes a text or its words, and its times in milliseconds', () => {
    expect(checkedDisruption(command('./deploy.sh'))).toEqual({
      ...{ kind: 'command', command: './deploy.sh', timeoutMs: 300_000 },
    });
    const words = ['kubectl', 'rollout', 'restart'];
    const options = { services: ['chat'], cwd: '/srv', timeout: '1m', ready: '2s' } as const;
    expect(checkedDisruption(command(words, options))).toEqual({
      ...{ kind: 'command', command: words, services: ['chat'], cwd: '/srv' },
      ...{ timeoutMs: 60_000, readyWithinMs: 2_000 },
    });
  });

  const words = "a command such as './deploy.sh', or a list of its words";
  it.each<[object, string]>([
    [{ command: undefined }, `disruption.command: expected ${words}; got nothing`],
    [{ command: '' }, `disruption.command: expected ${words}; got an empty text`],
    [{ command: [] }, `disruption.command: expected ${words}; got an empty list`],
    [{ command: [1] }, `disruption.command: expected ${words}; got a list`],
    [{ command: [''] }, 'disruption.command[0]: expected a word; got an empty text'],
    [{ command: { shell: 'x' } }, `disruption.command: expected ${words}; got an object`],
    [{ cwd: 7 }, 'disruption.cwd: expected a folder; got 7'],
    [{ services: 'chat' }, "disruption.services: expected names of services; got 'chat'"],
    [{ services: [] }, 'disruption.services: expected at least one service; got an empty list'],
    [
      { services: ['chta'] },
      "disruption.services[0]: expected one of the services (chat, database); got 'chta'. Did you mean 'chat'?",
    ],
    [{ timeout: 'soon' }, `disruption.timeout: expected ${duration}; got 'soon'`],
    [{ ready: true }, `disruption.ready: expected ${duration}; got true`],
    [{ shell: true }, "disruption: unknown key 'shell'. Known are: command, services, cwd, timeout, ready"],
  ])('is told what is wrong with %j', (changes, line) => {
    expect(problems({ ...command('./deploy.sh'), ...changes })).toEqual([line]);
  });
});

describe('watch', () => {
  it('waits ten minutes unless told', () => {
    expect(checkedDisruption(watch())).toEqual({ kind: 'watch', forMs: 600_000 });
    expect(checkedDisruption(watch({ services: ['chat'], for: '1h' }))).toEqual({
      ...{ kind: 'watch', services: ['chat'], forMs: 3_600_000 },
    });
  });

  it.each<[object, string]>([
    [{ for: 'a while' }, `disruption.for: expected ${duration}; got 'a while'`],
    [{ for: true }, `disruption.for: expected ${duration}; got true`],
    [{ for: '1000h' }, `disruption.for: expected ${duration}, and of at most 24 days; got '1000h'`],
    [{ services: [] }, 'disruption.services: expected at least one service; got an empty list'],
    [
      { services: ['chta'] },
      "disruption.services[0]: expected one of the services (chat, database); got 'chta'. Did you mean 'chat'?",
    ],
    [{ servces: ['chat'] }, "disruption: unknown key 'servces'. Did you mean 'services'?"],
  ])('is told what is wrong with %j', (changes, line) => {
    expect(problems({ ...watch(), ...changes })).toEqual([line]);
  });
});
