import type { Logger } from './logger.js';

/** Something that runs until it is asked to stop. */
export interface Service {
  /** Finishes what has begun and lets everyone go. Resolves when nothing is left; must stop waiting when `signal` aborts. */
  drain(signal: AbortSignal): Promise<void>;
}

const numbers = { SIGTERM: 15, SIGINT: 2, SIGHUP: 1 } as const;

/**
 * The first signal drains and ends with 0, or with 1 if `graceSeconds` were not enough; a second one ends the process
 * at once with 128 + its number.
 */
export function endOnSignal(service: Service, graceSeconds: number, logger: Logger): void {
  let draining = false;
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (draining) process.exit(128 + numbers[name]);
      draining = true;
      logger.info({ signal: name, graceSeconds }, 'draining');
      void drainWithin(service, graceSeconds, logger).then((code) => process.exit(code));
    });
  }
}

/** The exit code: 0 when everything was finished in time. */
export async function drainWithin(service: Service, graceSeconds: number, logger: Logger): Promise<number> {
  const grace = AbortSignal.timeout(graceSeconds * 1000);
  const expired = new Promise<'expired'>((resolve) => {
    grace.addEventListener('abort', () => resolve('expired'), { once: true });
  });
  try {
    const end = await Promise.race([service.drain(grace), expired]);
    if (end !== 'expired') return 0;
    logger.error({ graceSeconds }, 'not everything could be finished in the grace period');
  } catch (error) {
    logger.error({ err: error }, 'draining failed');
  }
  return 1;
}
