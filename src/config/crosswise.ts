import { didYouMean } from '../base/spelling.js';
import { rollingObjection } from '../observe/disruption/index.js';
import { strangeSecrets } from './given-secrets.js';
import { strangePorts } from './ports.js';
import type { Problem } from './problems.js';
import { at, isObject, textsIn } from './written.js';

// What no schema of one key can see: keys that speak of each other. Works on what was written, right or wrong, so that a
// misspelt service is told together with everything else.

export function crosswiseProblems(input: unknown): Problem[] {
  return [
    ...strangeServices(input),
    ...strangeRoutes(input),
    ...fewReplicas(input),
    ...strangeManagers(input),
    ...strangePorts(input),
    ...strangeSecrets(input),
    ...namelessUsers(input),
    ...hostlessPaths(input),
  ];
}

function strangeServices(input: unknown): Problem[] {
  const services = at(input, 'target', 'services');
  if (!isObject(services)) return [];
  const names = Object.keys(services);
  return struckServices(at(input, 'disruption'), ['disruption']).flatMap(({ name, path }): Problem[] => {
    // What is no name at all is told by its schema.
    if (names.includes(name) || name === '') return [];
    const message = `expected one of the services (${names.join(', ')}).${didYouMean(name, names)}`;
    return [{ path, message }];
  });
}

/** The services that a disruption names, and those in it; `by` is the one that names them. */
function struckServices(
  disruption: unknown,
  path: readonly PropertyKey[],
): { name: string; path: readonly PropertyKey[]; by: unknown }[] {
  const named = listAt(disruption, 'services').flatMap((name, index) =>
    typeof name === 'string' ? [{ name, path: [...path, 'services', index], by: disruption }] : [],
  );
  const inside = listAt(disruption, 'disruptions').flatMap((inner, index) =>
    struckServices(inner, [...path, 'disruptions', index]),
  );
  return [...named, ...inside];
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : [];
}

/** A rollout goes replica by replica, and a surge needs some in reserve. */
function fewReplicas(input: unknown): Problem[] {
  const services = at(input, 'target', 'services');
  return struckServices(at(input, 'disruption'), ['disruption']).flatMap(({ name, path, by }): Problem[] => {
    if (at(by, 'kind') !== 'rolling' || at(services, name, 'kind') !== 'launch') return [];
    const many = (key: string, unlessTold: number) => {
      const told = at(services, name, key);
      return typeof told === 'number' ? told : unlessTold;
    };
    const told = Number(at(by, 'surge') ?? 0);
    const surge = Number.isSafeInteger(told) ? told : 0;
    const message = rollingObjection(
      { name, replicas: many('replicas', 1), spares: many('spare', 0) },
      surge,
    );
    return message === null ? [] : [{ path, message }];
  });
}

/** Who is attached has commands or a manager, and may be started by a service that is launched before it. */
function strangeManagers(input: unknown): Problem[] {
  const services = at(input, 'target', 'services');
  if (!isObject(services)) return [];
  const names = Object.keys(services);
  return names.flatMap((service, index): Problem[] => {
    const path = ['target', 'services', service];
    const problems: Problem[] = [];
    if (at(services, service, 'manager') !== undefined && at(services, service, 'commands') !== undefined) {
      problems.push({
        path: [...path, 'manager'],
        message: 'a manager brings its own commands: leave `commands` or `manager` out',
      });
    }
    const starter = at(services, service, 'startedBy');
    const launchedBefore = names.slice(0, index).filter((name) => at(services, name, 'kind') === 'launch');
    if (typeof starter === 'string' && !launchedBefore.includes(starter)) {
      const message = `expected a launched service that stands before it (${launchedBefore.join(', ') || 'there is none'}).${didYouMean(starter, launchedBefore)}`;
      problems.push({ path: [...path, 'startedBy'], message });
    }
    return problems;
  });
}

/** Connections are passed on to services of this target. */
function strangeRoutes(input: unknown): Problem[] {
  const services = at(input, 'target', 'services');
  if (!isObject(services)) return [];
  const names = Object.keys(services);
  return names.flatMap((service) => {
    const routes = at(services, service, 'routesTo');
    if (!Array.isArray(routes)) return [];
    return routes.flatMap((name: unknown, index): Problem[] => {
      if (typeof name !== 'string' || names.includes(name)) return [];
      const message = `expected one of the services (${names.join(', ')}).${didYouMean(name, names)}`;
      return [{ path: ['target', 'services', service, 'routesTo', index], message }];
    });
  });
}

/** Users that nobody makes and nobody names cannot sign in. */
function namelessUsers(input: unknown): Problem[] {
  if (!['password', 'credentials'].includes(String(at(input, 'target', 'users', 'kind')))) return [];
  if (at(input, 'target', 'users', 'user') !== undefined) return [];
  const provision = at(input, 'target', 'provision');
  if (isObject(provision) && !('room' in provision)) return [];
  const message =
    'expected a function (number, run) => ({ name, password }), or a `provision` that makes the users';
  return [{ path: ['target', 'users', 'user'], message }];
}

/** A path is asked for at the client's host, and a broker answers no requests. */
function hostlessPaths(input: unknown): Problem[] {
  if (at(input, 'target', 'client', 'kind') !== 'mqtt') return [];
  const target = at(input, 'target');
  if (!isObject(target)) return [];
  const { records, doors, whoAmI } = target;
  return textsIn({ records, doors, whoAmI }, ['target'])
    .filter(({ path, text }) => path.at(-1) === 'url' && text.startsWith('/'))
    .map(({ path }) => ({
      path,
      message: 'expected a whole address, such as http://127.0.0.1:8000/me: a broker answers no requests',
    }));
}
