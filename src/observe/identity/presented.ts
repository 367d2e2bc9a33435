import type { IdentityMeans } from './means.js';
import type { SignIn } from './port.js';

/** Sessions show nobody's name and no token: the target lets everybody in. */
export function anonymous(): SignIn {
  const nobody = 'sessions do not sign in (users: anonymous())';
  return {
    name: 'anonymous',
    lacks: { tokens: nobody, 'sign-in': nobody, refresh: nobody, revocation: nobody, forgeries: nobody },
    signIn: () => Promise.resolve({ token: '' }),
  };
}

/** Sessions show name and password each time that they connect, as to a broker; the password takes the token's place. */
export function credentials({ redactor }: Pick<IdentityMeans, 'redactor'>): SignIn {
  const shown = 'name and password are shown at each connection (users: credentials({ … }))';
  return {
    name: 'credentials',
    lacks: { 'sign-in': shown, refresh: shown, revocation: shown },
    signIn: ({ secret }) => {
      redactor.add(secret);
      return Promise.resolve({ token: secret });
    },
  };
}
