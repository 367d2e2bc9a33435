import { describe, expect, it } from 'vitest';
import { anonymous, credentials } from '../../../src/observe/identity/index.js';

const call = { signal: new AbortController().signal };
const ada = { id: '1', name: 'ada', secret: 'a password' };

describe('sessions that do not sign in through the target', () => {
  it('show no token where nobody has a name: everything about tokens is lacking, and why is said', async () => {
    const signIn = anonymous();
    expect(await signIn.signIn(ada, call)).toEqual({ token: '' });
    expect(Object.keys(signIn.lacks).sort()).toEqual([
      'forgeries',
      'refresh',
      'revocation',
      'sign-in',
      'tokens',
    ]);
    expect(signIn.lacks.tokens).toContain('anonymous()');
  });

  it('show their password in the place of a token, and it is registered as a secret first', async () => {
    const secrets: string[] = [];
    const signIn = credentials({ redactor: { add: (secret) => void secrets.push(secret) } });
    expect(await signIn.signIn(ada, call)).toEqual({ token: 'a password' });
    expect(secrets).toEqual(['a password']);
    expect(signIn.lacks.tokens).toBeUndefined();
    expect(signIn.lacks.refresh).toContain('credentials');
  });
});
