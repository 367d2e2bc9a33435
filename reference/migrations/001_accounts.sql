CREATE TABLE users (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  display_name text NOT NULL,
  locale text NOT NULL DEFAULT 'en',
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Failed logins by account name, known or not, so that an answer tells nobody which names exist.
CREATE TABLE login_failures (
  name text PRIMARY KEY,
  failures integer NOT NULL,
  last_failure_at timestamptz NOT NULL
);

-- A session is one sign-in and everything that grew from it: its access tokens and its chain of refresh tokens.
CREATE TABLE sessions (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id),
  roles text[] NOT NULL DEFAULT ARRAY['member'],
  signed_in_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

-- Only hashes: who reads this table cannot refresh anything.
CREATE TABLE refresh_tokens (
  hash bytea PRIMARY KEY,
  session_id text NOT NULL REFERENCES sessions (id),
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  exchanged_at timestamptz,
  child_hash bytea
);

CREATE TABLE signing_keys (
  id text PRIMARY KEY,
  private_jwk jsonb NOT NULL,
  public_jwk jsonb NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  signs_from timestamptz NOT NULL,
  retires_at timestamptz
);

CREATE TABLE secrets (
  name text PRIMARY KEY,
  value bytea NOT NULL
);
