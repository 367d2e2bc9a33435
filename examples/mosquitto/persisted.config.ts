import { anonymous, defineConfig, restart } from 'outlast';
import { keptSessions, mosquitto, qos1, workload } from './broker.js';

export default defineConfig({
  target: { services: { broker: mosquitto('persisted.conf') }, users: anonymous(), client: keptSessions },
  contract: qos1,
  workload,
  disruption: restart('broker'),
});
