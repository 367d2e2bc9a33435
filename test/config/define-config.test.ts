import { describe, expect, it } from 'vitest';
import {
  crash,
  defineConfig,
  exactlyOnce,
  get,
  launch,
  pages,
  password,
  restart,
  sequence,
  webSocket,
} from '../../src/config/face.js';

const target = {
  services: { backend: launch({ command: 'node backend.js', ready: 'http://127.0.0.1:8000/health' }) },
  users: password({ url: 'http://127.0.0.1:8001/auth/login' }),
  client: webSocket({ url: 'ws://127.0.0.1:8000/ws' }),
};

describe('the types of a config', () => {
  it('let a service be named that is there', () => {
    const services = ['backend'];
    expect(defineConfig({ target, disruption: restart('backend') }).disruption).toMatchObject({ services });
    expect(defineConfig({ target, disruption: crash(['backend']) }).disruption).toMatchObject({ services });
    const both = sequence([restart('backend'), crash('backend')], { pause: '2s' });
    expect(defineConfig({ target, disruption: both }).disruption).toMatchObject({
      disruptions: [{ services }, { services }],
    });
  });

  it('refuse to compile a misspelt service name', () => {
    // @ts-expect-error 'bakend' is not among the services
    defineConfig({ target, disruption: restart('bakend') });
    // @ts-expect-error 'auth' is not among the services
    defineConfig({ target, disruption: crash(['backend', 'auth']) });
    // @ts-expect-error nor in a sequence
    defineConfig({ target, disruption: sequence([restart('backend'), crash('auth')]) });
    // @ts-expect-error no services at all are named by a number
    defineConfig({ target, disruption: restart(1) });
    defineConfig({
      target: { ...target, services: { backend: target.services.backend } },
      // @ts-expect-error also where the services are written down in place
      disruption: restart('bakend', { grace: '5s' }),
    });
    expect(target.services).not.toHaveProperty('bakend');
  });

  it('refuse to compile a misspelt key', () => {
    // @ts-expect-error 'tokn' is not an option
    webSocket({ url: 'ws://127.0.0.1:8000/ws', tokn: 'query' });
    // @ts-expect-error 'bugdets' is not an option
    exactlyOnce({ bugdets: { reconnect: '10s' } });
    expect(exactlyOnce({ budgets: { reconnect: '10s' } }).kind).toBe('exactly-once');
  });

  it('let a mapping say what it takes, without any', () => {
    interface Ack {
      readonly type: string;
      readonly ref: string;
    }
    const client = webSocket({
      url: 'ws://127.0.0.1:8000/ws',
      send: ({ id, text }) => ({ ref: id, text }),
      acknowledge: (frame: Ack) => (frame.type === 'ack' ? { id: frame.ref } : null),
      receive: (frame: { readonly body: string; readonly channel: string }) => ({
        room: frame.channel,
        text: frame.body,
      }),
    });
    const who = get('/auth/verify', { user: (body: { readonly id: string }) => body.id });
    const log = pages({ url: (room, after) => `/rooms/${room}?after=${after ?? ''}` });
    expect([client.kind, who.kind, log.kind]).toEqual(['web-socket', 'get', 'pages']);
  });
});

describe('a factory', () => {
  it('describes and does nothing: what is wrong is told later, with its path', () => {
    // @ts-expect-error a number is no command
    expect(launch({ command: 5, ready: 'nowhere' })).toEqual({
      kind: 'launch',
      command: 5,
      ready: 'nowhere',
    });
  });
});
