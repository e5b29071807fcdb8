-- The log of one service. {svc} is its name; run by {svc}_owner.

CREATE TABLE {svc}.events (
    position bigint NOT NULL CHECK (position > 0),
    version  bigint NOT NULL,
    stream   text   COLLATE "C" NOT NULL,
    topic    text   COLLATE "C" NOT NULL,
    payload  bytea  NOT NULL,
    meta     bytea  NOT NULL,
    hash     bytea  NOT NULL,
    PRIMARY KEY (position),
    UNIQUE (stream, version)
);
-- Payloads are compact JSON of a few hundred bytes: do not spend time on trying to compress them.
ALTER TABLE {svc}.events ALTER payload SET STORAGE EXTERNAL, ALTER meta SET STORAGE EXTERNAL;

-- One row. Whoever holds its lock is the only writer of this log.
CREATE TABLE {svc}.head (
    one      boolean     PRIMARY KEY DEFAULT true CHECK (one),
    position bigint      NOT NULL,
    hash     bytea       NOT NULL,
    at       timestamptz NOT NULL
) WITH (fillfactor = 10);
INSERT INTO {svc}.head (position, hash, at)
VALUES (0, decode(repeat('00', 32), 'hex'), 'epoch');

-- Used idempotency keys: what was answered stands in the `events` events from `position` on.
CREATE TABLE {svc}.keys (
    key      bytea  PRIMARY KEY,
    position bigint NOT NULL,
    events   int    NOT NULL
);

-- One row per stream that waits for a moment: its earliest.
CREATE TABLE {svc}.timers (
    stream text        COLLATE "C" PRIMARY KEY,
    due    timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX timers_due ON {svc}.timers (due);

-- How far this service has come in other logs.
CREATE TABLE {svc}.tracking (
    consumer text   PRIMARY KEY,
    position bigint NOT NULL
);

-- The log as people read it: psql -c 'SELECT * FROM {svc}.log ORDER BY position DESC LIMIT 10'.
CREATE VIEW {svc}.log AS
SELECT position, stream, version, topic,
       convert_from(payload, 'UTF8')::jsonb AS payload,
       convert_from(meta, 'UTF8')::jsonb AS meta,
       encode(hash, 'hex') AS hash
FROM {svc}.events;

GRANT USAGE ON SCHEMA {svc} TO {svc}_app;
GRANT SELECT, INSERT ON {svc}.events TO {svc}_app;
GRANT SELECT, UPDATE ON {svc}.head TO {svc}_app;
GRANT SELECT, INSERT, DELETE ON {svc}.keys TO {svc}_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON {svc}.timers, {svc}.tracking TO {svc}_app;
GRANT SELECT ON {svc}.log TO {svc}_app;
