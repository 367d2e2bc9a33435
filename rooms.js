// The one import table: which room of the house may import from which. ESLint and dependency-cruiser both read it.
// `pure` rooms import neither `node:*` nor a package. A room may always import from itself and from `base`.

/** @typedef {{ room: string, may: readonly string[], pure?: true, packages?: readonly string[] }} Room */

const observe = (name, may, more = {}) => ({
  room: `observe/${name}`,
  may: ['history', 'contract', 'system', ...may.map((other) => `observe/${other}`)],
  ...more,
});

/** @type {readonly Room[]} */
export const rooms = [
  { room: 'base', may: [], pure: true },
  { room: 'contract', may: [], pure: true },
  { room: 'history', may: ['contract'], pure: true },
  { room: 'system', may: [] },
  observe('record', []),
  observe('identity', ['record'], { packages: ['jose'] }),
  observe('network', []),
  observe('client', ['identity', 'network'], {
    packages: ['ws', 'eventsource-parser', 'mqtt', 'socket.io-client'],
  }),
  observe('provision', ['identity']),
  observe('records', ['identity']),
  observe('answers', ['identity'], { packages: ['eventsource-parser'] }),
  observe('target', []),
  observe('disruption', ['target', 'network']),
  { room: 'observe/workload', may: ['history', 'contract'], pure: true },
  observe('run', [
    'record',
    'client',
    'identity',
    'provision',
    'records',
    'answers',
    'network',
    'target',
    'disruption',
    'workload',
  ]),
  { room: 'judge', may: ['history', 'contract'], pure: true },
  { room: 'report', may: ['judge', 'history', 'contract'], pure: true },
  {
    room: 'config',
    packages: ['zod', 'jiti'],
    may: [
      'contract',
      'history',
      'system',
      'observe/client',
      'observe/identity',
      'observe/network',
      'observe/provision',
      'observe/records',
      'observe/answers',
      'observe/target',
      'observe/disruption',
      'observe/run',
    ],
  },
  { room: 'app', may: ['*'] },
  { room: 'cli', may: ['app', 'report', 'system'], packages: ['commander'] },
];

/** The room of a file, given its path below `src/`; `null` for the root's own `index.ts`. */
export function roomOf(pathBelowSource) {
  const names = rooms.map(({ room }) => room).sort((a, b) => b.length - a.length);
  return names.find((name) => pathBelowSource.startsWith(`${name}/`)) ?? null;
}

/** Why an import is not allowed, or `null` when it is. */
export function objection(fromRoom, toRoom) {
  const rule = rooms.find(({ room }) => room === fromRoom);
  if (!rule || fromRoom === toRoom || toRoom === 'base') return null;
  if (rule.may.includes('*') && toRoom !== 'cli') return null;
  return rule.may.includes(toRoom) ? null : `${fromRoom} may not import from ${toRoom} (see rooms.js)`;
}

/** Why a package or a `node:` module is not allowed in a room, or `null` when it is. */
export function packageObjection(fromRoom, specifier) {
  const rule = rooms.find(({ room }) => room === fromRoom);
  if (!rule) return null;
  if (rule.pure) return `${fromRoom} is pure: it imports neither packages nor node: modules`;
  if (specifier.startsWith('node:') || rule.packages?.includes(specifier)) return null;
  return `${fromRoom} may not import the package ${specifier} (see rooms.js)`;
}
