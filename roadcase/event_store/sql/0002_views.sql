-- How far each read model of {svc} has come. Its tables stand in {svc}_views.
-- `generation` changes when a rebuilt table takes the place of the old one.

CREATE TABLE {svc}.projections (
    name        text PRIMARY KEY,
    position    bigint NOT NULL,
    schema_hash text NOT NULL,
    generation  int  NOT NULL DEFAULT 1,
    stopped     text,
    changed_at  timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

GRANT SELECT, INSERT, UPDATE, DELETE ON {svc}.projections TO {svc}_app;
