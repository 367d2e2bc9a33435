/**
 * Tells once when the parent of this process has died: npm, npx and terminals may end without passing a signal on. Returns how to
 * stop watching, which does not keep the process running.
 */
export function watchParent(orphaned: () => void, everyMs = 250): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    orphaned();
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
