export { custom, type CustomOptions } from './custom.js';
export { given, named, type NamedOptions, type NamedUser } from './given.js';
export { missionProvision, type MissionMeans, type MissionOptions } from './mission.js';
export type { Population, Provision, Settled } from './port.js';
