/**
 * A session has read up to here. Whole numbers only grow, so that a message that comes late does not ask for a replay of
 * what is known; other positions are taken as they come.
 */
export function moveOn(cursors: Map<string, string>, room: string, position: string): void {
  const before = cursors.get(room);
  if (before !== undefined && isWhole(before) && isWhole(position) && valueOf(position) < valueOf(before))
    return;
  cursors.set(room, position);
}

const isWhole = (text: string) => /^\d+$/.test(text);

/** Exactly, and at each message: up to so many digits a number is exact, and is had for far less. */
const valueOf = (whole: string): number | bigint => (whole.length <= 15 ? Number(whole) : BigInt(whole));
