import { describe, expect, it } from 'vitest';
import { Refused } from '../../../src/observe/identity/index.js';
import { type Handler, serve, serviceAt, status } from './scripted.js';

const call = { signal: AbortSignal.timeout(10_000) };
const question = { id: 'run-a1', text: 'Why?' };
const json =
  (body: unknown, code = 200): Handler =>
  (_request, response) =>
    void response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));

describe('answers over HTTP', () => {
  it('are asked for with the question and its key, in the name of a token', async () => {
    let posted = '';
    const { origin, asked } = await serve((request, response, body) => {
      posted = body;
      json({ id: 'x' }, 201)(request, response, body);
    });
    expect(await serviceAt(origin).ask(question, 'the-token', call)).toBe('x');
    expect([asked[0]?.method, asked[0]?.url, asked[0]?.headers.authorization]).toEqual([
      'POST',
      '/answers',
      'Bearer the-token',
    ]);
    expect(JSON.parse(posted)).toEqual({ question: 'Why?', key: 'run-a1' });
  });

  it('are read as they are stored, with what the config says of them', async () => {
    const { origin, asked } = await serve(json({ id: 'x', text: 'Because. END', state: 'done' }));
    const whole = (text: string, asked: string) => text.endsWith('END') && asked === 'Why?';
    const service = serviceAt(origin, { whole });
    expect(await service.stored('x', question, 't', call)).toEqual({
      text: 'Because. END',
      state: 'done',
      whole: true,
    });
    expect(asked[0]?.url).toBe('/answers/x');
  });

  it.each([404, 410])('are not there when the target says %s', async (code) => {
    const { origin } = await serve(status(code));
    expect(await serviceAt(origin).stored('x', question, 't', call)).toBeNull();
  });

  it('are cancelled where the config says, or not at all', async () => {
    const { origin, asked } = await serve(json({}));
    await serviceAt(origin).cancel('x', 't', call);
    await serviceAt(origin, { cancel: (id) => ({ url: `${origin}/a/${id}`, method: 'DELETE' }) }).cancel(
      'x',
      't',
      call,
    );
    await serviceAt(origin, { cancel: false }).cancel('x', 't', call);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /answers/x/cancel',
      'DELETE /a/x',
    ]);
    expect(serviceAt(origin, { cancel: false }).cancels).toBe(false);
  });

  it('tell a refused token from an answer that is none', async () => {
    const { origin } = await serve(status(401), status(500), json('no object'));
    const service = serviceAt(origin);
    await expect(service.ask(question, 't', call)).rejects.toThrow(Refused);
    await expect(service.ask(question, 't', call)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    const broken: string[] = [];
    await expect(serviceAt(origin, {}, broken).ask(question, 't', call)).rejects.toMatchObject({
      code: 'MAPPING_FAILED',
    });
    expect(broken[0]).toMatch(/expected `id` of answers\(\{ … \}\) to return the id of the answer; it threw/);
  });

  it.each([
    ['text', { text: () => Promise.resolve('x') as never }],
    ['state', { state: () => 'finished' as never }],
    ['whole', { whole: () => undefined as never }],
  ] as const)('ends the run when `%s` gives what cannot be used', async (name, options) => {
    const { origin } = await serve(json({ id: 'x', text: 'Because.', state: 'done' }));
    const broken: string[] = [];
    await expect(serviceAt(origin, options, broken).stored('x', question, 't', call)).rejects.toMatchObject({
      code: 'MAPPING_FAILED',
    });
    expect(broken[0]).toContain(`\`${name}\` of answers`);
  });
});
