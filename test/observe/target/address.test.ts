import { describe, expect, it } from 'vitest';
import { createTarget, isLoopback, remoteAddresses } from '../../../src/observe/target/index.js';
import { startGuardian } from '../../../src/system/index.js';

describe('loopback', () => {
  it.each([
    ...['localhost', 'LOCALHOST:80', 'api.localhost', 'localhost.', '127.0.0.1', '127.8.8.8:5432'],
    ...[
      '127.0.0.1:{port:backend}',
      '[::1]:80',
      '::1',
      '0.0.0.0:80',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]:1',
    ],
  ])('is where %s is', (address) => {
    expect(isLoopback(address)).toBe(true);
  });

  it.each([
    ...['example.com', 'localhost.example.com', 'notlocalhost', '10.0.0.1:80', '128.0.0.1', '192.168.0.1'],
    ...[
      '[fe80::1]:80',
      '2001:db8::1',
      '127.0.0.1.example.com',
      'http://localhost@example.com/',
      'http://example.com/@localhost',
      'http://example.com\\@localhost',
      '[::ffff:10.0.0.1]',
      '',
    ],
  ])('is not where %s is', (address) => {
    expect(isLoopback(address)).toBe(false);
  });

  it('decides which addresses of a target are remote', async () => {
    await using guardian = startGuardian();
    const redactor = { add: () => undefined, stream: () => ({ push: String, end: () => '' }) };
    const kind = createTarget(
      {
        services: {
          here: { kind: 'launch', command: 'x', ready: 'http://127.0.0.1:{port:here}/health' },
          there: { kind: 'attach', ready: 'https://user:password@chat.example.com/health?key=1' },
          database: { kind: 'attach', ready: 'tcp://db.internal:5432', commands: { restart: 'x' } },
        },
      },
      { variables: {}, guardian, redactor },
    );
    expect(kind.addresses).toEqual(['127.0.0.1:{port:here}', 'chat.example.com', 'db.internal:5432']);
    expect(
      remoteAddresses([
        ...kind.addresses,
        'ws://[::1]:{port:here}/ws',
        'wss://chat.example.com/ws?x=@localhost',
      ]),
    ).toEqual(['chat.example.com', 'db.internal:5432', 'wss://chat.example.com/ws?x=@localhost']);
    expect(kind.services.map(({ name, powers }) => [name, ...powers])).toEqual([
      ['here', 'signal'],
      ['there'],
      ['database', 'restart'],
    ]);
  });
});
