import { credentials, defineConfig, env, restart } from 'outlast';
import { keptSessions, mosquitto, qos1, workload } from './broker.js';

export default defineConfig({
  target: {
    services: {
      broker: {
        ...mosquitto('users.conf'),
        command: ['sh', 'start.sh', '{file:users.conf}', '{file:users}', '{folder:data}/users'],
        files: { 'users.conf': 'users.conf', users: 'users' },
      },
    },
    users: credentials({ user: (number) => ({ name: `user${number}`, password: env('MQTT_PASSWORD') }) }),
    client: keptSessions,
  },
  contract: qos1,
  workload,
  disruption: restart('broker'),
});
