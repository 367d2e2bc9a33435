import type { PlannedDisruption } from '../../src/history/events.js';
import type { Told } from './story.js';

/** A history whose plan says more of each of its disruptions. */
export const planned = ({ header, events }: Told, more: Partial<PlannedDisruption>): Told => {
  const disruptions = header.plan.disruptions.map((one) => ({ ...one, ...more }));
  return { header: { ...header, plan: { ...header.plan, disruptions } }, events };
};
