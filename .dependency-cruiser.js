import { rooms } from './rooms.js';

const folder = (room) => `^src/${room}/`;
const closed = (rule) => !rule.may.includes('*');

const arrows = rooms.filter(closed).map((rule) => ({
  name: `rooms-${rule.room.replace('/', '-')}`,
  comment: `${rule.room} imports only what rooms.js allows`,
  severity: 'error',
  from: { path: folder(rule.room) },
  to: {
    path: '^src/',
    pathNot: [rule.room, 'base', ...rule.may].map(folder).join('|'),
  },
}));

const pure = rooms
  .filter((rule) => rule.pure)
  .map((rule) => ({
    name: `pure-${rule.room.replace('/', '-')}`,
    comment: `${rule.room} imports neither packages nor node: modules`,
    severity: 'error',
    from: { path: folder(rule.room) },
    to: { pathNot: '^src/' },
  }));

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'app-not-to-cli', severity: 'error', from: { pathNot: '^src/cli/' }, to: { path: '^src/cli/' } },
    {
      name: 'reference-stands-alone',
      comment: 'the reference service never imports outlast',
      severity: 'error',
      from: { path: '^reference/' },
      to: { path: '^src/' },
    },
    ...arrows,
    ...pure,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
