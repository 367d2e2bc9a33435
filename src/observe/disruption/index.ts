export { crash, refusals, restart } from './disruptions.js';
export type { About, Disruption, Ground, Scene } from './port.js';
export { probe, type Probing } from './probe.js';
export { rolling, rollingObjection } from './rolling.js';
