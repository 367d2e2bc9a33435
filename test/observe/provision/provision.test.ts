import { describe, expect, it } from 'vitest';
import {
  custom,
  given,
  missionProvision,
  named,
  type Population,
} from '../../../src/observe/provision/index.js';
import { type Answering, serve, Status } from '../records/server.js';

const calm = { signal: new AbortController().signal };
const population: Population = {
  ...{ run: 'run12345', users: 3 },
  rooms: [
    { room: 'a', members: [0, 1] },
    { room: 'b', members: [1, 2] },
  ],
};
const failure = (message: RegExp) => ({ code: 'PROVISION_FAILED', message: expect.stringMatching(message) });

describe('given users and rooms', () => {
  const users = ['u1', 'u2', 'u3', 'u4'].map((name) => ({ name, password: `pw-${name}` }));

  it('are taken in order', async () => {
    const provision = given({ users: [{ name: 'u0', id: '0' }, ...users], rooms: ['r1', 'r2', 'r3'] });
    expect(provision.source).toBe('given');
    expect(await provision.setUp(population, calm)).toEqual({
      users: [
        { id: '0', name: 'u0', secret: '' },
        { id: 'u1', name: 'u1', secret: 'pw-u1' },
        { id: 'u2', name: 'u2', secret: 'pw-u2' },
      ],
      rooms: { a: 'r1', b: 'r2' },
    });
  });

  it('have to be enough, and each another', async () => {
    const setUp = (some: typeof users, rooms: string[]) =>
      given({ users: some, rooms }).setUp(population, calm);
    await expect(setUp(users.slice(0, 2), ['r1', 'r2'])).rejects.toMatchObject(
      failure(/expected 3 users.*got 2/),
    );
    await expect(setUp(users, ['r1'])).rejects.toMatchObject(
      failure(/expected 2 rooms; got 1, and none for b/),
    );
    await expect(setUp(users, ['r1', 'r1'])).rejects.toMatchObject(failure(/"r1" twice/));
    await expect(setUp([...users.slice(0, 1), ...users], ['r1', 'r2'])).rejects.toMatchObject(
      failure(/"u1" twice/),
    );
  });
});

describe('named users and rooms', () => {
  const user = (number: number, run: string) => ({ name: `${run}-${number}`, password: 'pw' });

  it('are named for the run, counted from 1', async () => {
    const provision = named({ user });
    expect(provision.source).toBe('made');
    const { users, rooms } = await provision.setUp(population, calm);
    expect(users.map(({ id }) => id)).toEqual(['run12345-1', 'run12345-2', 'run12345-3']);
    expect(rooms).toEqual({ a: 'outlast-run12345-a', b: 'outlast-run12345-b' });
  });

  it('count as given where their names do not depend on the run', () => {
    expect(named({ user: (number) => ({ name: `u${number}` }) }).source).toBe('given');
    expect(named({ user, room: (room) => room }).source).toBe('given');
    expect(named({ user, room: (room, run) => run + room }).source).toBe('made');
  });

  it('tell what their functions threw', async () => {
    const provision = named({
      user: () => {
        throw new Error('no such user');
      },
    });
    await expect(provision.setUp(population, calm)).rejects.toMatchObject(failure(/it threw: no such user$/));
  });
});

describe('users and rooms of other code', () => {
  const users = ['1', '2', '3'].map((id) => ({ id, name: id, secret: '' }));

  it('are made and taken away by it', async () => {
    const calls: unknown[] = [];
    const provision = custom({
      setUp: async (asked) => {
        calls.push(asked);
        return { users, rooms: { a: 'x', b: 'y' } };
      },
      tearDown: async () => void calls.push('down'),
    });
    expect(await provision.setUp(population, calm)).toEqual({ users, rooms: { a: 'x', b: 'y' } });
    await provision.tearDown?.(calm);
    expect(calls).toEqual([population, 'down']);
    expect(custom({ setUp: async () => ({ users, rooms: {} }) }).tearDown).toBeUndefined();
  });

  it.each<[unknown, RegExp]>([
    [undefined, /to give .* got something else/],
    [{ users: [{ id: 1, name: 'x', secret: '' }], rooms: {} }, /to give/],
    [{ users, rooms: { a: 1 } }, /to give/],
    [{ users, rooms: { a: 'x' } }, /none for b/],
    [{ users: users.slice(1), rooms: { a: 'x', b: 'y' } }, /expected 3 users/],
  ])('are checked: %j', async (made, message) => {
    const provision = custom({ setUp: async () => made as never });
    await expect(provision.setUp(population, calm)).rejects.toMatchObject(failure(message));
  });

  it('tell what it threw', async () => {
    const provision = custom({ setUp: () => Promise.reject(new Error('the database is down')) });
    await expect(provision.setUp(population, calm)).rejects.toMatchObject(
      failure(/threw: the database is down/),
    );
  });
});

describe("the mission's own service", () => {
  const setUp = async (answer: Answering, asking = population) => {
    const { origin, asked } = await serve(answer);
    const secrets: string[] = [];
    const provision = missionProvision(
      { auth: '{auth}', backend: '{auth}', adminKey: '{key}' },
      {
        resolve: (text) => text.replace('{auth}', origin).replace('{key}', 'the-key'),
        redactor: { add: (secret) => void secrets.push(secret) },
      },
    );
    return { asked, secrets, settled: provision.setUp(asking, calm), source: provision.source };
  };
  /** Answers in another order than it was asked in. */
  const right: Answering = ({ path, body }) => {
    const { names, threads } = body as { names?: string[]; threads?: { name: string }[] };
    const made = (list: readonly string[]) => list.map((name) => ({ id: `id-${name}`, name })).reverse();
    if (path === '/admin/users') return new Status(201, { users: made(names ?? []) });
    return new Status(201, { threads: made((threads ?? []).map(({ name }) => name)) });
  };

  it('makes users with one password and threads with their members', async () => {
    const { asked, secrets, settled, source } = await setUp(right);
    const { users, rooms } = await settled;
    expect(source).toBe('made');
    expect(users.map(({ id, name }) => [id, name])).toEqual(
      [1, 2, 3].map((number) => [`id-outlast-run12345-${number}`, `outlast-run12345-${number}`]),
    );
    expect(new Set(users.map(({ secret }) => secret))).toEqual(new Set(secrets));
    expect(secrets[0]?.length).toBeGreaterThan(16);
    expect(rooms).toEqual({ a: 'id-outlast-run12345-a', b: 'id-outlast-run12345-b' });
    expect(asked.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer the-key',
      'Bearer the-key',
    ]);
    expect(asked[1]?.body).toEqual({
      threads: [
        { name: 'outlast-run12345-a', members: ['id-outlast-run12345-1', 'id-outlast-run12345-2'] },
        { name: 'outlast-run12345-b', members: ['id-outlast-run12345-2', 'id-outlast-run12345-3'] },
      ],
    });
  });

  it('makes many in several requests', async () => {
    const { asked, settled } = await setUp(right, { ...population, users: 2_500 });
    expect((await settled).users).toHaveLength(2_500);
    expect(asked.map(({ path }) => path)).toEqual([...Array(3).fill('/admin/users'), '/admin/threads']);
  });

  it.each<[string, unknown, RegExp]>([
    ['a wrong key', new Status(401, 'the-key'), /it answered with 401: is it given the same admin key\?$/],
    ['no admin routes', new Status(404), /with 404: are its admin routes switched on\?$/],
    [
      'an error',
      new Status(500, 'the-key'),
      /^expected POST http:\S+\/admin\/users to answer with 201; it answered with 500$/,
    ],
    ['no list', new Status(201, {}), /to answer \{ "users"/],
    ['garbage', new Status(201, 'garbage'), /it threw: expected JSON/],
    ['fewer', new Status(201, { users: [] }), /to make outlast-run12345-1; it is not in the answer/],
  ])('that answers with %s is told', async (_what, answer, message) => {
    await expect((await setUp(() => answer)).settled).rejects.toMatchObject(failure(message));
  });
});
