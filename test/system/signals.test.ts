import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { eitherOf } from '../../src/system/index.js';

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}

describe('a signal of several', () => {
  it('aborts with the first of them, and with its reason', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const either = eitherOf([one.signal, other.signal]);
    expect(either.aborted).toBe(false);
    other.abort('enough');
    one.abort('late');
    expect(either.reason).toBe('enough');
    expect(eitherOf([one.signal]).aborted).toBe(true);
  });

  it('keeps a timer that nobody else holds', async () => {
    const aborted = once(eitherOf([new AbortController().signal, AbortSignal.timeout(300)]), 'abort');
    await sleep(20);
    collectGarbage();
    const late = sleep(3_000, 'never', { ref: false });
    expect(await Promise.race([aborted.then(() => 'aborted'), late])).toBe('aborted');
  });
});
