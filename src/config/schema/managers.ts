import { z } from 'zod';
import type { ManagerDescription } from '../../observe/target/index.js';
import { expected, flag, keys, oneOf, text } from './parts.js';

const program = text("another program that takes the same command lines, such as 'podman'").optional();

const docker = keys('docker({ container })', {
  kind: z.literal('docker'),
  container: text('the name or id of a container'),
  program,
});

const dockerCompose = keys('dockerCompose({ service, … })', {
  kind: z.literal('docker-compose'),
  service: text('a service of the compose file'),
  project: text('the name of the project').optional(),
  file: text('the compose file').optional(),
  program,
});

const kubernetes = keys('kubernetes({ deployment, namespace, … })', {
  kind: z.literal('kubernetes'),
  deployment: text('the name of a deployment'),
  namespace: text('a namespace'),
  context: text('a context of the kubeconfig').optional(),
  how: oneOf(['rollout', 'delete-pod']).optional(),
});

const systemd = keys('systemd({ unit, … })', {
  kind: z.literal('systemd'),
  unit: text('the name of a unit'),
  user: flag().optional(),
});

const pm2 = keys('pm2({ process, … })', {
  kind: z.literal('pm2'),
  process: text('the name of a process'),
  how: oneOf(['restart', 'reload']).optional(),
  home: text('the folder that is its PM2_HOME').optional(),
  program: text("where pm2 is, such as './node_modules/.bin/pm2'").optional(),
});

const supervisor = keys('supervisor({ program, … })', {
  kind: z.literal('supervisor'),
  program: text('the name of a program'),
  configuration: text('the configuration of supervisord').optional(),
});

const factories =
  'docker({ … }), dockerCompose({ … }), kubernetes({ … }), systemd({ … }), pm2({ … }) or supervisor({ … })';

export const manager = z
  .discriminatedUnion(
    'kind',
    [docker, dockerCompose, kubernetes, systemd, pm2, supervisor],
    expected(`who runs the service: ${factories}`),
  )
  .transform((told): ManagerDescription => told as ManagerDescription);
