-- `head` is the number of the newest message. It moves in the transaction that inserts, under the row's lock, so
-- numbers have no gap and become visible in their order.
CREATE TABLE threads (
  id text PRIMARY KEY,
  name text NOT NULL,
  head bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE members (
  thread_id text NOT NULL REFERENCES threads (id),
  user_id text NOT NULL REFERENCES users (id),
  PRIMARY KEY (thread_id, user_id)
);

CREATE TABLE messages (
  thread_id text NOT NULL REFERENCES threads (id),
  number bigint NOT NULL,
  sender text NOT NULL REFERENCES users (id),
  id text NOT NULL,
  body text NOT NULL,
  sent_at timestamptz NOT NULL,
  PRIMARY KEY (thread_id, number),
  -- For ever: a retry is harmless however late it comes.
  UNIQUE (sender, id)
);
