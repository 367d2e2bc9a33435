import type { CredentialKind } from './events.js';

/** Does a token of this kind belong in? */
export const isGood = (kind: CredentialKind): boolean => kind === 'good' || kind === 'refreshed';
