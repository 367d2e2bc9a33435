import { describe, expect, it } from 'vitest';
import { app } from '../../src/app/index.js';
import { repeated } from '../../src/app/restarts.js';
import { checkConfig } from '../../src/config/index.js';
import { crash, jwt, launch, restart, sequence, watch, webSocket } from '../../src/config/face.js';
import type { ConfigInput } from '../../src/config/input.js';

const configWith = (disruption: ConfigInput['disruption']) =>
  checkConfig({
    target: {
      services: { backend: launch({ command: 'backend', ready: 'http://127.0.0.1:{port:backend}/' }) },
      users: jwt({ secret: 'a secret of some length' }),
      client: webSocket({ url: 'ws://127.0.0.1:{port:backend}/ws' }),
    },
    disruption,
  });

const kindsOf = ({ disruption }: ReturnType<typeof configWith>) =>
  disruption.kind === 'sequence' ? disruption.disruptions.map(({ kind }) => kind) : [disruption.kind];

describe('a config that is to disrupt several times', () => {
  it('disrupts so often, one after the other', () => {
    expect(kindsOf(repeated(configWith(restart('backend')), 3))).toEqual(['restart', 'restart', 'restart']);
  });

  it('repeats a sequence as a whole, with its pause', () => {
    const config = repeated(configWith(sequence([restart('backend'), crash('backend')], { pause: '3s' })), 2);
    expect(kindsOf(config)).toEqual(['restart', 'crash', 'restart', 'crash']);
    expect(config.disruption).toMatchObject({ kind: 'sequence', pauseMs: 3_000 });
  });

  it('may take so many times as long, and each of them what one may', () => {
    const once = configWith(restart('backend'));
    const { budgets } = repeated(once, 4).contract;
    expect(budgets).toEqual({ ...once.contract.budgets, totalMs: 4 * once.contract.budgets.totalMs });
  });

  it('is the same where it is to disrupt once, whatever does it', () => {
    const config = configWith(watch({ services: ['backend'] }));
    expect(repeated(config, 1)).toBe(config);
  });

  it('is refused before anything is touched where somebody else does it', async () => {
    const signal = new AbortController().signal;
    for (const disruption of [watch(), sequence([restart('backend'), watch()])]) {
      const asked = { config: configWith(disruption), restarts: 2, allowRemote: false, signal };
      const refusal = { code: 'USAGE', message: expect.stringContaining('got watch(…)') as string };
      await expect(app.dryRun(asked)).rejects.toMatchObject(refusal);
      await expect(app.run(asked)).rejects.toMatchObject(refusal);
    }
  });

  it('says in words what it would do', async () => {
    const signal = new AbortController().signal;
    const asked = { config: configWith(restart('backend')), restarts: 2, allowRemote: false, signal };
    expect(await app.dryRun(asked)).toContain('restart of backend, then restart of backend');
  });
});
