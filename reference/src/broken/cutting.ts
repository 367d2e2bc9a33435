import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

/** Keeps in mind which requests of this process are being answered; the returned function destroys their connections. */
export function cutting(): () => void {
  const underWay = new Set<ServerResponse>();
  subscribe('http.server.request.start', (message) => {
    const { response } = message as { readonly response: ServerResponse };
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });
  return () => {
    for (const response of underWay) response.destroy();
  };
}
