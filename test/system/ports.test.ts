import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, isOwnEcho, portTaken } from '../../src/system/index.js';

describe('ports', () => {
  it('are free when handed out, never handed out twice, and below the range of outgoing connections', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(new Set(ports).size).toBe(50);
    for (const port of ports) {
      expect(port).toBeGreaterThanOrEqual(15_000);
      expect(port).toBeLessThan(32_000);
    }
    expect(await portTaken('127.0.0.1', ports[0] ?? 0)).toBe(false);
  });

  it.each(['127.0.0.1', '0.0.0.0'])('are taken when somebody listens at %s', async (host) => {
    const port = await freePort();
    const server = createServer().listen(port, host);
    await once(server, 'listening');
    expect(await portTaken('127.0.0.1', port)).toBe(true);
    server.close();
    await once(server, 'close');
    expect(await portTaken('127.0.0.1', port)).toBe(false);
  });

  it('tell a connection that met itself from one that met a listener', () => {
    const here = { localAddress: '127.0.0.1', remoteAddress: '127.0.0.1' };
    expect(isOwnEcho({ ...here, localPort: 40_000, remotePort: 40_000 })).toBe(true);
    expect(isOwnEcho({ ...here, localPort: 40_001, remotePort: 40_000 })).toBe(false);
  });
});
