import { demo } from 'outlast-reference/demo';
import { createRedactor } from '../../build/observe/record/index.js';
import { createTarget, isOwn, whenReady, type OwnReplica } from '../../build/observe/target/index.js';
import { createScope, startGuardian } from '../../build/system/index.js';

const never = new AbortController().signal;

/** The reference service: its three processes, as the demo starts them. Its disposal stops them. */
export interface Stage extends AsyncDisposable {
  /** Fills in the demo's placeholders. */
  resolve(text: string): string;
  readonly backend: OwnReplica;
}

export async function startReference(): Promise<Stage> {
  const guardian = startGuardian();
  const scope = createScope((name, error) => console.error(`could not ${name}:`, error));
  const end = async () => {
    await scope[Symbol.asyncDispose]();
    await guardian[Symbol.asyncDispose]();
  };
  try {
    const target = await createTarget(
      { services: launches() },
      { variables: process.env, guardian, redactor: createRedactor() },
    ).start({ scope, signal: never, output: () => undefined });
    if ('absent' in target) throw new Error(`expected the reference service to start: ${target.absent}`);
    const backend = target.services.get('backend')?.replicas[0];
    if (!backend || !isOwn(backend)) throw new Error('expected a backend of our own');
    return { resolve: (text) => target.resolve(text), backend, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Starts it when it is down, and resolves with the time until it is ready, in ms. */
async function startBare(backend: OwnReplica): Promise<number> {
  const began = performance.now();
  await backend.start({ signal: never });
  await whenReady(backend, never);
  return performance.now() - began;
}

/** Stops it and starts it bare. */
export async function startAgain({ backend }: Stage): Promise<number> {
  await stop(backend);
  return startBare(backend);
}

async function stop(backend: OwnReplica): Promise<void> {
  backend.signal('SIGTERM');
  await backend.exited({ signal: never });
}

const launches = () =>
  Object.fromEntries(
    Object.entries(demo.services).map(([name, { command, environment, ready, instance }]) => [
      name,
      {
        kind: 'launch' as const,
        command,
        environment,
        ready,
        ...(instance === undefined ? {} : { instance }),
      },
    ]),
  );
