import { describe, expect, it } from 'vitest';
import { abortable } from '../../src/system/index.js';

const never = new Promise<never>(() => undefined);

describe('a promise that can be abandoned', () => {
  it('settles as it would', async () => {
    const { signal } = new AbortController();
    expect(await abortable(Promise.resolve(1), signal)).toBe(1);
    await expect(abortable(Promise.reject(new Error('its own')), signal)).rejects.toThrow('its own');
  });

  it('rejects with the reason when the signal aborts, or has aborted', async () => {
    const stop = new AbortController();
    const waiting = abortable(never, stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(abortable(never, stop.signal)).rejects.toThrow('enough');
    await expect(abortable(never, AbortSignal.abort('a text'))).rejects.toThrow('a text');
  });
});
