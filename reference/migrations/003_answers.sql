-- An answer is made piece by piece. `maker` is the process that makes it, and nobody else may before `leased_until`; its right
-- is looked at again in every statement that appends, so a process that was asleep past its lease appends nothing.
CREATE TABLE answers (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id),
  -- The asker's own: a question that is asked again because its answer was lost is the same question.
  key text NOT NULL,
  question text NOT NULL,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'cancelled')),
  -- The number of the newest part. It moves in the statement that inserts, so numbers have no gap.
  head integer NOT NULL DEFAULT 0,
  maker text,
  leased_until timestamptz NOT NULL DEFAULT now(),
  asked_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, key)
);

CREATE INDEX answers_unfinished ON answers (leased_until) WHERE state = 'running';

CREATE TABLE answer_parts (
  answer_id text NOT NULL REFERENCES answers (id),
  number integer NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (answer_id, number)
);
