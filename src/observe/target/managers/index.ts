import { docker, type DockerOptions } from './docker.js';
import { dockerCompose, type DockerComposeOptions } from './docker-compose.js';
import { kubernetes, type KubernetesOptions } from './kubernetes.js';
import { pm2, type Pm2Options } from './pm2.js';
import type { Manager } from './port.js';
import { supervisor, type SupervisorOptions } from './supervisor.js';
import { systemd, type SystemdOptions } from './systemd.js';

export { byHand, type CommandName, type Commands } from './by-hand.js';
export type { CommandLine, Manager, Run } from './port.js';
export type {
  DockerComposeOptions,
  DockerOptions,
  KubernetesOptions,
  Pm2Options,
  SupervisorOptions,
  SystemdOptions,
};

/** What a user says of who runs a service: inert data. */
export type ManagerDescription =
  | ({ readonly kind: 'docker' } & DockerOptions)
  | ({ readonly kind: 'docker-compose' } & DockerComposeOptions)
  | ({ readonly kind: 'kubernetes' } & KubernetesOptions)
  | ({ readonly kind: 'systemd' } & SystemdOptions)
  | ({ readonly kind: 'pm2' } & Pm2Options)
  | ({ readonly kind: 'supervisor' } & SupervisorOptions);

export function managerOf(described: ManagerDescription): Manager {
  switch (described.kind) {
    case 'docker':
      return docker(described);
    case 'docker-compose':
      return dockerCompose(described);
    case 'kubernetes':
      return kubernetes(described);
    case 'systemd':
      return systemd(described);
    case 'pm2':
      return pm2(described);
    case 'supervisor':
      return supervisor(described);
  }
}
