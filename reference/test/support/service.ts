import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Chat } from './chat.js';
import { brokenMain, freePort, launch, main, ready, type Running } from './processes.js';

export const adminKey = 'the-admin-key-of-tests';
const password = 'the-database-password';
const userPassword = 'the-password-of-users';

export interface Login {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly session_id: string;
  readonly user: { readonly id: string; readonly name: string };
}

/** One database, one auth and any number of backends, all real processes. */
export class Stage {
  readonly databasePort: number;
  readonly authPort: number;
  readonly backendPort: number;
  readonly #extra: Readonly<Record<string, string>>;

  private constructor(ports: readonly [number, number, number], extra: Readonly<Record<string, string>>) {
    [this.databasePort, this.authPort, this.backendPort] = ports;
    this.#extra = extra;
  }

  /** With a database that is up; auth and backends are started by the test. */
  static async open(extra: Readonly<Record<string, string>> = {}): Promise<Stage> {
    const stage = new Stage([await freePort(), await freePort(), await freePort()], extra);
    await stage.database();
    return stage;
  }

  get databaseUrl(): string {
    return `postgres://chat:${password}@127.0.0.1:${this.databasePort}/chat`;
  }

  get authUrl(): string {
    return `http://127.0.0.1:${this.authPort}`;
  }

  get url(): string {
    return `http://127.0.0.1:${this.backendPort}`;
  }

  database(data?: string): Promise<Running> {
    const environment = {
      PORT: String(this.databasePort),
      DATABASE_PASSWORD: password,
      ...(data ? { DATA: data } : {}),
    };
    return ready(launch([main, 'database'], environment));
  }

  auth(fault?: string): Promise<Running> {
    return ready(
      launch(fault ? [brokenMain, fault, 'auth'] : [main, 'auth'], this.#environment(this.authPort)),
    );
  }

  backend(
    port = this.backendPort,
    fault?: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Running> {
    const environment = { ...this.#environment(port), AUTH_URL: this.authUrl, ...more };
    return ready(launch(fault ? [brokenMain, fault, 'backend'] : [main, 'backend'], environment));
  }

  async users(count: number): Promise<Login[]> {
    const names = Array.from({ length: count }, () => `user-${randomUUID()}`);
    await this.post(`${this.authUrl}/admin/users`, { password: userPassword, names }, adminKey);
    return Promise.all(names.map((name) => this.login(name)));
  }

  async login(username: string, more: object = {}): Promise<Login> {
    const { status, body } = await this.post(`${this.authUrl}/auth/login`, {
      username,
      password: userPassword,
      ...more,
    });
    if (status !== 200) throw new Error(`login: ${status} ${JSON.stringify(body)}`);
    return body as Login;
  }

  async thread(members: readonly Login[]): Promise<string> {
    const threads = [{ name: 'a thread', members: members.map(({ user }) => user.id) }];
    const { body } = await this.post(`${this.url}/admin/threads`, { threads }, adminKey);
    const id = (body as { threads: { id: string }[] }).threads[0]?.id;
    if (id === undefined) throw new Error('no thread');
    return id;
  }

  chat(login: Login | null, port = this.backendPort): Promise<Chat> {
    return Chat.open(`ws://127.0.0.1:${port}/ws`, login?.access_token ?? null);
  }

  async post(url: string, body: object, token?: string) {
    const headers = {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    };
    return answerOf(await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  async get(url: string, token: string) {
    return answerOf(await fetch(url, { headers: { authorization: `Bearer ${token}` } }));
  }

  /** Runs SQL behind the service's back. */
  async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  #environment(port: number): Record<string, string> {
    return {
      PORT: String(port),
      DATABASE_URL: this.databaseUrl,
      ADMIN_KEY: adminKey,
      LOG_LEVEL: 'debug',
      ...this.#extra,
    };
  }
}

async function answerOf(response: Response) {
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, body };
}

export const codeOf = (answer: { readonly body: unknown }) =>
  (answer.body as { error: { code: string } }).error.code;
