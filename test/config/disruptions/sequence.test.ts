import { describe, expect, it } from 'vitest';
import { crash, network, pause, restart, rolling, sequence, toxiproxy } from '../../../src/config/face.js';
import { checkedDisruption, problemsOfDisruption as problems } from '../problems-of.js';

const one = "restart('service'), crash('service') or another disruption";

describe('sequence', () => {
  it('takes each as it is taken alone, and its pause in milliseconds', () => {
    const several = [restart('chat', { grace: '1s' }), pause('chat'), network({ type: 'down' })];
    expect(checkedDisruption(sequence(several, { pause: '2s' }))).toEqual({
      kind: 'sequence',
      disruptions: several.map((disruption) => checkedDisruption(disruption)),
      pauseMs: 2_000,
    });
    expect(checkedDisruption(sequence([crash('chat')]))).not.toHaveProperty('pauseMs');
  });

  it.each<[object, readonly string[]]>([
    [{ disruptions: undefined }, ['disruption.disruptions: expected a list of disruptions; got nothing']],
    [{ disruptions: 'x' }, ["disruption.disruptions: expected a list of disruptions; got 'x'"]],
    [{ disruptions: [] }, ['disruption.disruptions: expected at least one disruption; got an empty list']],
    [
      { disruptions: [crash('chat'), 'crash'] },
      [`disruption.disruptions[1]: expected a disruption: ${one}; got 'crash'`],
    ],
    [
      { disruptions: [sequence([crash('chat')])] },
      [`disruption.disruptions[0]: expected a disruption: ${one}; got what sequence(…) gives`],
    ],
    [
      { disruptions: [crash('chta'), rolling('database'), pause('chat', { for: 'x' })] },
      [
        "disruption.disruptions[2].for: expected a duration such as 250 (milliseconds), '250ms', '10s' or '2m'; got 'x'",
        "disruption.disruptions[0].services[0]: expected one of the services (chat, database); got 'chta'. Did you mean 'chat'?",
        'disruption.disruptions[1].services[0]: a rolling restart needs at least 2 replicas of database, and there is 1: say `replicas: 2` in its launch({ … })',
      ],
    ],
    [
      {
        disruptions: [
          network({ type: 'half_open', through: toxiproxy({ url: 'http://127.0.0.1:8474', proxy: 'chat' }) }),
        ],
      },
      [
        'disruption.disruptions[0].through: expected our own relay for half_open, which Toxiproxy does not have; got what toxiproxy(…) gives',
      ],
    ],
    [
      { pause: 'a bit' },
      [
        "disruption.pause: expected a duration such as 250 (milliseconds), '250ms', '10s' or '2m'; got 'a bit'",
      ],
    ],
    [{ wait: 1 }, ["disruption: unknown key 'wait'. Known are: disruptions, pause"]],
  ])('is told what is wrong with %j', (changes, lines) => {
    expect(problems({ ...sequence([restart('chat')]), ...changes })).toEqual(lines);
  });
});

describe('what is no disruption', () => {
  const any = `what is done to the target: ${one}, or several: sequence([ … ])`;
  it.each<[unknown, string]>([
    [undefined, `disruption: expected ${any}; got nothing`],
    [null, `disruption: expected ${any}; got null`],
    ['restart', `disruption: expected ${any}; got 'restart'`],
    [[restart('chat')], `disruption: expected ${any}; got a list`],
    [{ kind: 'reboot', services: ['chat'] }, `disruption: expected ${any}; got what reboot(…) gives`],
  ])('is told that it is none: %j', (disruption, line) => {
    expect(problems(disruption)).toEqual([line]);
  });
});
