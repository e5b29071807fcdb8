-- Beside the eventsourcing library's tables `stored_events` (rowid = position) and `tracking`.
-- Statements are parted by empty lines.

CREATE TABLE IF NOT EXISTS roadcase_links (
    position INTEGER PRIMARY KEY CHECK (position > 0),
    meta     BLOB NOT NULL,
    hash     BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS roadcase_head (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    service  TEXT    NOT NULL,
    position INTEGER NOT NULL,
    hash     BLOB    NOT NULL,
    at       INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS roadcase_keys (
    key      BLOB    PRIMARY KEY,
    position INTEGER NOT NULL,
    events   INTEGER NOT NULL
) WITHOUT ROWID;

-- Moments are microseconds since 1970, UTC.
CREATE TABLE IF NOT EXISTS roadcase_timers (
    stream TEXT    PRIMARY KEY,
    due    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS roadcase_timers_due ON roadcase_timers (due);

-- The library may open this file and read it. An event that it writes past the chain is refused.
CREATE TRIGGER IF NOT EXISTS roadcase_events_are_chained AFTER INSERT ON stored_events
WHEN NOT EXISTS (SELECT 1 FROM roadcase_links WHERE position = new.rowid)
BEGIN
    SELECT RAISE(ABORT, 'this log is written by roadcase.event_store.sqlite alone');
END;

CREATE TRIGGER IF NOT EXISTS roadcase_events_stay BEFORE DELETE ON stored_events
BEGIN
    SELECT RAISE(ABORT, 'a log is append-only');
END;

CREATE TRIGGER IF NOT EXISTS roadcase_events_stay_as_they_are BEFORE UPDATE ON stored_events
BEGIN
    SELECT RAISE(ABORT, 'a log is append-only');
END;
