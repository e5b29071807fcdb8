-- Events that a reaction could not take, and those behind them in the same stream.
-- `state`: parked, or what an operator asked for: retry, skip.

CREATE TABLE {svc}.parked (
    reaction  text   NOT NULL,
    source    text   NOT NULL,
    position  bigint NOT NULL,
    stream    text   COLLATE "C" NOT NULL,
    topic     text   NOT NULL,
    event_id  text   NOT NULL,
    reason    text   NOT NULL,
    attempts  int    NOT NULL,
    state     text   NOT NULL DEFAULT 'parked' CHECK (state IN ('parked', 'retry', 'skip')),
    parked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (reaction, source, position)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON {svc}.parked TO {svc}_app;
