import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect } from 'vitest';
import {
  createTarget,
  isOwn,
  type LaunchDescription,
  type OwnReplica,
  type ServiceDescription,
  type Target,
} from '../../../src/observe/target/index.js';
import { createScope, type Scope, startGuardian } from '../../../src/system/index.js';

const services = path.join(import.meta.dirname, '../../fixtures/services');

/** A launched fixture, at a free port of its own name. */
export function fixture(file: string, more: Partial<LaunchDescription> = {}): LaunchDescription {
  const port = `{port:${path.basename(file, '.js')}}`;
  return {
    kind: 'launch',
    command: [process.execPath, path.join(services, file)],
    ready: `http://127.0.0.1:${port}/ready`,
    readyWithinMs: 10_000,
    graceMs: 3_000,
    ...more,
    environment: { PORT: port, ...more.environment },
  };
}

/** The fixture that behaves well. */
export const service = (more: Partial<LaunchDescription> = {}): LaunchDescription =>
  fixture('service.js', { instance: 'about.boot', ...more });

/** Removes the secrets that it was told, whole chunks at a time. */
function redactor() {
  const secrets: string[] = [];
  const clean = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
  return {
    secrets,
    add: (secret: string) => void secrets.push(secret),
    stream: () => ({ push: clean, end: () => '' }),
  };
}

export interface Ground {
  readonly scope: Scope;
  readonly trouble: string[];
  readonly secrets: readonly string[];
  /** By one replica; by all of them where none is named. */
  readonly printed: (replica?: string) => string;
  readonly died: { readonly service: string; readonly exitCode: number | null }[];
  start(
    described: Readonly<Record<string, ServiceDescription>>,
    signal?: AbortSignal,
  ): Promise<Target | { readonly absent: string }>;
  /** Fails the test where the target is absent. */
  up(described: Readonly<Record<string, ServiceDescription>>): Promise<Target>;
  own(target: Target, name: string, index?: number): OwnReplica;
  /** Unwinds everything; called after each test too. */
  leave(): Promise<void>;
}

const grounds: Ground[] = [];
afterEach(async () => {
  for (const ground of grounds.splice(0)) await ground.leave();
});

/** Everything that a target needs; nothing of it is left after the test, which is checked. */
export function ground(variables: Readonly<Record<string, string | undefined>> = process.env): Ground {
  const guardian = startGuardian();
  const folders: string[] = [];
  const watched = {
    ...guardian,
    folder: (folder: string) => {
      folders.push(folder);
      return guardian.folder(folder);
    },
  };
  const redacting = redactor();
  const trouble: string[] = [];
  const died: { service: string; exitCode: number | null }[] = [];
  const scope = createScope((name, error) => trouble.push(`${name}: ${String(error)}`));
  const printed: [string, string][] = [];
  const started: Target[] = [];
  const made: Ground = {
    ...{ scope, trouble, died, secrets: redacting.secrets },
    printed: (replica) =>
      printed.map(([name, text]) => (replica === undefined || name === replica ? text : '')).join(''),
    start: async (described, signal = new AbortController().signal) => {
      const kind = createTarget(
        { services: described },
        { variables, guardian: watched, redactor: redacting },
      );
      const target = await kind.start({
        ...{ scope, signal, output: (name, text) => void printed.push([name, text]) },
        died: (name, { exitCode }) => died.push({ service: name, exitCode }),
      });
      if (!('absent' in target)) started.push(target);
      return target;
    },
    up: async (described) => {
      const target = await made.start(described);
      if ('absent' in target) throw new Error(target.absent);
      return target;
    },
    own: (target, name, index = 0) => {
      const service = target.services.get(name);
      const replica = [...(service?.replicas ?? []), ...(service?.spares ?? [])][index];
      if (!replica || !isOwn(replica)) throw new Error(`expected ${name} to be ours`);
      return replica;
    },
    leave: async () => {
      await scope[Symbol.asyncDispose]();
      await guardian[Symbol.asyncDispose]();
      for (const target of started) await expectDown(target);
      expect(trouble).toEqual([]);
      expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
    },
  };
  grounds.push(made);
  return made;
}

async function expectDown(target: Target): Promise<void> {
  for (const { replicas, spares } of target.services.values()) {
    for (const replica of [...replicas, ...spares]) {
      if (!isOwn(replica)) continue;
      expect(replica.alive()).toBe(false);
      expect(await replica.look({ signal: new AbortController().signal })).toMatchObject({ refused: true });
    }
  }
}
