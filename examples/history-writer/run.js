// Restarts the chat of examples/own-service while three users chat, and writes the history of it to standard output.
import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { dial, isUp, start } from './service.js';
import { history } from './writer.js';

const header = JSON.parse(readFileSync(new URL('header.json', import.meta.url), 'utf8'));
const run = randomInt(36 ** 7, 36 ** 8).toString(36);
// Out of this process before the bytes of a message are: a history never lacks what was sent.
const { see, user } = history({ ...header, run }, (line) => writeSync(1, line));

let service = await start();
const users = header.plan.sessions.map(({ session }) => user(session, dial));
for (const { connect } of users) connect();
await sleep(300);
see('phase', { phase: 'steady' });
let turn = 0;
const chat = setInterval(() => users[turn++ % users.length].say(), 20);
await sleep(1_000);

const step = (name, more) =>
  see('disruption', { disruption: 0, type: 'restart', service: 'chat', step: name, ...more });
see('phase', { phase: 'disrupt' });
step('begin');
step('signal', { signal: 'SIGTERM' });
service.kill();
const [exitCode] = await once(service, 'exit');
step('exited', { exitCode });
if (!(await isUp())) step('port-closed');
service = await start();
step('ready');
step('end');

await sleep(1_000);
clearInterval(chat);
see('phase', { phase: 'settle' });
for (const { say } of users) say('canary');
await sleep(1_000);
see('end', { how: 'completed' });
process.exit();
