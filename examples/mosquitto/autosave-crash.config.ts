import { anonymous, crash, defineConfig } from 'outlast';
import { keptSessions, mosquitto, qos1, workload } from './broker.js';

export default defineConfig({
  target: { services: { broker: mosquitto('autosave.conf') }, users: anonymous(), client: keptSessions },
  contract: qos1,
  // Long enough for the sessions themselves to be saved: what is lost then is the last second.
  workload: { ...workload, steady: '3s' },
  disruption: crash('broker'),
});
