import { describe, expect, it } from 'vitest';
import { showLive } from '../../src/cli/live.js';
import type { Output } from '../../src/cli/world.js';

/** A terminal whose writing can be waited for. */
function terminal() {
  const written: string[] = [];
  let tell: () => void = () => undefined;
  const stderr: Output = {
    isTTY: true,
    columns: 80,
    write(text) {
      written.push(text);
      tell();
    },
  };
  const grows = () => new Promise<void>((resolve) => (tell = resolve));
  return { stderr, written, grows };
}

describe('the live view on a terminal', () => {
  it('takes exactly its own lines away when it is drawn anew, and when it ends', async () => {
    const { stderr, written, grows } = terminal();
    const live = showLive({ stderr, environment: {} }, false);
    await grows();
    await grows();
    live.end();
    const [first = '', second = '', last = ''] = written;
    expect(first.match(/\n/g)).toHaveLength(2);
    expect(first).not.toContain('\u001b[2A');
    expect(second).toContain('\u001b[2A\u001b[0J');
    expect(last).toBe('\u001b[2A\u001b[0J');
  });

  it('takes nothing away twice, and nothing that was not drawn', async () => {
    const { stderr, written, grows } = terminal();
    const never = showLive({ stderr, environment: {} }, false);
    never.end();
    expect(written).toEqual([]);
    const live = showLive({ stderr, environment: {} }, false);
    await grows();
    live.end();
    live.end();
    live.see({ kind: 'phase', t: 0, phase: 'steady' });
    expect(written).toHaveLength(2);
  });
});
