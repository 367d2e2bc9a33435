import { randomBytes } from 'node:crypto';
import { http, jsonOf } from '../../system/http.js';
import type { User } from '../identity/port.js';
import { failed, orFailed, settled } from './check.js';
import type { Population, Provision } from './port.js';

export interface MissionOptions {
  /** The origins of auth and backend. They and the key may hold placeholders. */
  readonly auth: string;
  readonly backend: string;
  readonly adminKey: string;
}

export interface MissionMeans {
  resolve(text: string): string;
  readonly redactor: { add(secret: string): void };
}

/** In one request: services bound the size of a body. */
const batch = 1_000;

/** Users and threads made for the run over the admin routes of the mission's own service, which has no routes to take them away. */
export function missionProvision(options: MissionOptions, means: MissionMeans): Provision {
  return {
    source: 'made',
    setUp: async (population, { signal }) => {
      const { run, rooms } = population;
      const admin = new Administrator(means.resolve(options.adminKey), signal);
      const users = await makeUsers(population, means.resolve(options.auth), admin, means);
      const named = new Map(rooms.map(({ room, members }) => [`outlast-${run}-${room}`, members]));
      const threads = { path: '/admin/threads', list: 'threads', origin: means.resolve(options.backend) };
      const ids = await admin.make(threads, [...named.keys()], (names) => ({
        threads: names.map((name) => ({ name, members: named.get(name)?.map((index) => users[index]?.id) })),
      }));
      return settled(
        population,
        users,
        Object.fromEntries(rooms.map(({ room }, index) => [room, ids[index] ?? ''])),
      );
    },
  };
}

async function makeUsers(
  { run, users }: Population,
  origin: string,
  admin: Administrator,
  { redactor }: MissionMeans,
): Promise<readonly User[]> {
  // One for all of them: the service hashes it once.
  const secret = randomBytes(18).toString('base64url');
  redactor.add(secret);
  const names = Array.from({ length: users }, (_, index) => `outlast-${run}-${index + 1}`);
  const route = { origin, path: '/admin/users', list: 'users' };
  const ids = await admin.make(route, names, (some) => ({ password: secret, names: some }));
  return names.map((name, index) => ({ id: ids[index] ?? '', name, secret }));
}

interface Route {
  readonly origin: string;
  readonly path: string;
  /** The field of the answer that lists what was made. */
  readonly list: string;
}

class Administrator {
  constructor(
    private readonly key: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Makes one thing for each name, and resolves with their ids in the same order. */
  async make(
    route: Route,
    names: readonly string[],
    bodyOf: (names: readonly string[]) => unknown,
  ): Promise<readonly string[]> {
    const ids = new Map<string, string>();
    for (let from = 0; from < names.length; from += batch) {
      const answer = await this.#post(route, bodyOf(names.slice(from, from + batch)));
      for (const { name, id } of listed(answer, route)) ids.set(name, id);
    }
    return names.map((name) => {
      const id = ids.get(name);
      if (id === undefined) throw failed(`expected ${shown(route)} to make ${name}; it is not in the answer`);
      return id;
    });
  }

  async #post(route: Route, json: unknown): Promise<unknown> {
    const url = new URL(route.path, route.origin);
    const headers = { authorization: `Bearer ${this.key}` };
    return orFailed(shown(route), this.signal, async () => {
      const answer = await http({
        url,
        method: 'POST',
        headers,
        json,
        signal: this.signal,
        timeoutMs: 30_000,
      });
      if (answer.status === 201 || answer.status === 200) return jsonOf(answer, url);
      throw failed(
        `expected ${shown(route)} to answer with 201; it answered with ${answer.status}${hint(answer.status)}`,
      );
    });
  }
}

const shown = ({ origin, path }: Route) => `POST ${new URL(path, origin).href}`;

/** None of the answer is shown: it may hold what was sent. */
function hint(status: number): string {
  if (status === 401 || status === 403) return ': is it given the same admin key?';
  return status === 404 ? ': are its admin routes switched on?' : '';
}

function listed(answer: unknown, route: Route): readonly { readonly name: string; readonly id: string }[] {
  const list: unknown = isObject(answer) ? answer[route.list] : undefined;
  if (Array.isArray(list) && list.every(isMade)) return list;
  throw failed(
    `expected ${shown(route)} to answer { "${route.list}": [{ "id", "name" }] }; it answered something else`,
  );
}

const isMade = (value: unknown): value is { name: string; id: string } =>
  isObject(value) && typeof value['id'] === 'string' && typeof value['name'] === 'string';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
