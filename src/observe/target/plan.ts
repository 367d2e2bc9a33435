import { statSync } from 'node:fs';
import path from 'node:path';
import { OutlastError } from '../../base/errors.js';
import { addressOf } from './address.js';
import { type Attachment, powersOf } from './attached.js';
import { prepared } from './command.js';
import {
  type AttachDescription,
  type Command,
  countOf,
  defaultCommandTimeoutMs,
  defaultGraceMs,
  defaultReadyWithinMs,
  type LaunchDescription,
  type ServiceDescription,
} from './description.js';
import { environmentFor, type Variables } from './environment.js';
import type { Launch } from './launched.js';
import { byHand, type ManagerDescription, managerOf } from './managers/index.js';
import { type Counts, nameOf, type Place } from './names.js';
import type { Placeholders, Text } from './placeholders.js';
import { filled, type Templates, type Written } from './templates.js';

/** One replica of a described service, its placeholders filled in. */
export type Plan = Standing &
  (
    | { readonly launch: Launch; readonly attachment?: undefined }
    | { readonly attachment: Attachment; readonly launch?: undefined }
  );

interface Standing {
  readonly service: string;
  /** The service, with the number of the replica where there are several. */
  readonly name: string;
  /** In reserve: not started with the others. */
  readonly spare: boolean;
  /** What is written before anything is started. */
  readonly files: readonly Written[];
}

/** Every text of a described service that may hold placeholders, for each of its replicas. */
export function textsOf(service: string, told: ServiceDescription, templates: Templates): readonly Text[] {
  const texts = textsIn(told, templates);
  return placesOf(service, told).flatMap((at) => texts.map((text) => ({ text, at })));
}

/** Every text of a description that may hold placeholders, its files included. */
export function textsIn(told: ServiceDescription, templates: Templates): readonly string[] {
  if (told.kind === 'attach') {
    const { ready, commands = {}, manager = {} } = told;
    return [ready, ...Object.values(commands).flatMap(wordsIn), ...Object.values(manager).filter(isText)];
  }
  const { command, cwd, environment = {}, ready } = told;
  const start = [ready, ...wordsIn(command), ...(cwd === undefined ? [] : [cwd])];
  return [
    ...start,
    ...Object.values(environment),
    ...templates.flatMap(({ name, text }) => [`{file:${name}}`, text]),
  ];
}

/** What replicas are planned with. */
export interface Planning {
  readonly placeholders: Placeholders;
  readonly templates: Templates;
  readonly counts: Counts;
  readonly variables: Variables;
}

/** A plan for each replica, in order. Throws `CONFIG_INVALID` for what cannot be started. */
export function planned(service: string, told: ServiceDescription, planning: Planning): readonly Plan[] {
  const count = countOf(told);
  const plans = placesOf(service, told).map((at): Plan => {
    const resolve = (text: string) => planning.placeholders.resolve(text, at);
    const name = nameOf(at, count);
    const spare = told.kind === 'launch' && at.number > (told.replicas ?? 1);
    const files = planning.templates.map((template) => filled(template, at, planning.placeholders));
    const standing = { service, name, spare, files };
    const place = { ...standing, index: at.number - 1, resolve, variables: planning.variables };
    return told.kind === 'launch'
      ? { ...standing, launch: launchOf(told, place) }
      : { ...standing, attachment: attachmentOf(told, place) };
  });
  refuseSharedDoors(service, plans);
  return plans;
}

const placesOf = (service: string, told: ServiceDescription): Place[] =>
  Array.from({ length: countOf(told) }, (_, index) => ({ service, number: index + 1 }));

/** Replicas that are looked at in one place cannot be told apart. */
function refuseSharedDoors(service: string, plans: readonly Plan[]): void {
  const doors = new Set(plans.map(({ launch }) => launch?.address.url.href));
  if (plans.length < 2 || doors.size === plans.length) return;
  throw new OutlastError(
    'CONFIG_INVALID',
    `expected each replica of ${service} to be ready at an address of its own, with {port:${service}} in \`ready\`; got ${[...doors].length} for ${plans.length}`,
  );
}

interface Standpoint {
  readonly service: string;
  readonly name: string;
  readonly index: number;
  readonly variables: Variables;
  resolve(text: string): string;
}

function launchOf(told: LaunchDescription, standpoint: Standpoint): Launch {
  const { service, name, index, variables, resolve } = standpoint;
  const given = Object.entries(told.environment ?? {}).map(
    ([variable, value]) => [variable, resolve(value)] as const,
  );
  return {
    ...{ service, name, index },
    command: prepared(told.command, told.shell ?? false, resolve),
    folder: existing(path.resolve(resolve(told.cwd ?? '.')), service),
    environment: environmentFor(variables, Object.fromEntries(given)),
    address: addressOf(resolve(told.ready), service),
    instance: told.instance,
    readyWithinMs: told.readyWithinMs ?? defaultReadyWithinMs,
    graceMs: told.graceMs ?? defaultGraceMs,
  };
}

function attachmentOf(told: AttachDescription, standpoint: Standpoint): Attachment {
  const { service, variables, resolve } = standpoint;
  const commands = Object.entries(told.commands ?? {}).map(
    ([name, command]) => [name, prepared(command, typeof command === 'string', resolve)] as const,
  );
  const manager = told.manager
    ? managerOf(resolved(told.manager, resolve))
    : byHand(Object.fromEntries(commands), service);
  return {
    service,
    manager,
    powers: powersOf(told),
    startedBy: told.startedBy ?? null,
    environment: environmentFor(variables, manager.environment ?? {}),
    address: addressOf(resolve(told.ready), service),
    instance: told.instance,
    readyWithinMs: told.readyWithinMs ?? defaultReadyWithinMs,
    commandTimeoutMs: told.commandTimeoutMs ?? defaultCommandTimeoutMs,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** With the placeholders in its texts filled in. */
function resolved(manager: ManagerDescription, resolve: (text: string) => string): ManagerDescription {
  const filled = Object.entries(manager).map(([key, value]): [string, unknown] => [
    key,
    isText(value) ? resolve(value) : value,
  ]);
  return { ...manager, ...Object.fromEntries(filled) };
}

const wordsIn = (command: Command): readonly string[] => (typeof command === 'string' ? [command] : command);

/** The system would blame the program for a folder that is not there. */
function existing(folder: string, service: string): string {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new OutlastError(
    'CONFIG_INVALID',
    `expected a folder as \`cwd\` of the service ${service}; there is none at ${folder}`,
  );
}
