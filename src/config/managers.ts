import type { ManagerDescription } from '../observe/target/index.js';

// Who runs a service that is attached: `attach({ ready, manager: systemd({ unit: 'chat' }) })`. They describe, and touch nothing.

type Kind = ManagerDescription['kind'];
type Described<K extends Kind> = Extract<ManagerDescription, { readonly kind: K }>;
type Options<K extends Kind> = Omit<Described<K>, 'kind'>;

/** A container: `docker restart`, `stop`, `start`, `kill`. */
export const docker = (options: Options<'docker'>): Described<'docker'> => ({ ...options, kind: 'docker' });

/** A service of a compose project: `docker compose restart`, `stop`, `start`, `kill`. */
export const dockerCompose = (options: Options<'docker-compose'>): Described<'docker-compose'> => ({
  ...options,
  kind: 'docker-compose',
});

/** A deployment: `kubectl rollout restart` and `rollout status`, or its pods deleted. */
export const kubernetes = (options: Options<'kubernetes'>): Described<'kubernetes'> => ({
  ...options,
  kind: 'kubernetes',
});

/** A unit: `systemctl restart`, `stop`, `start`, `kill`. */
export const systemd = (options: Options<'systemd'>): Described<'systemd'> => ({
  ...options,
  kind: 'systemd',
});

/** A process of pm2: `pm2 restart` or `reload`, `stop`, `start`, `sendSignal`. */
export const pm2 = (options: Options<'pm2'>): Described<'pm2'> => ({ ...options, kind: 'pm2' });

/** A program of supervisord: `supervisorctl restart`, `stop`, `start`, `signal KILL`. */
export const supervisor = (options: Options<'supervisor'>): Described<'supervisor'> => ({
  ...options,
  kind: 'supervisor',
});
