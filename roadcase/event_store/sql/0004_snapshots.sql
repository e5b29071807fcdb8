-- Snapshots of aggregates that the eventsourcing library keeps in this log. They are no events.
CREATE TABLE {svc}.snapshots (
    stream  text   COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    topic   text   COLLATE "C" NOT NULL,
    state   bytea  NOT NULL,
    PRIMARY KEY (stream, version)
);
GRANT SELECT, INSERT, DELETE ON {svc}.snapshots TO {svc}_app;

-- Payloads that the library compressed or encrypted are no JSON: people see them as base64.
CREATE FUNCTION {svc}.as_json(raw bytea) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    RETURN convert_from(raw, 'UTF8')::jsonb;
EXCEPTION WHEN data_exception THEN
    RETURN to_jsonb(encode(raw, 'base64'));
END
$$;
CREATE OR REPLACE VIEW {svc}.log AS
SELECT position, stream, version, topic,
       {svc}.as_json(payload) AS payload,
       {svc}.as_json(meta) AS meta,
       encode(hash, 'hex') AS hash
FROM {svc}.events;
