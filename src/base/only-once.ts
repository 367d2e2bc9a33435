/** What is begun by the first who asks, and the same for all who ask later. */
export function onlyOnce<T>(begin: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => (running ??= begin());
}
