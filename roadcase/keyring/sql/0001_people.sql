-- The key of each person whose data is sealed. {svc} is `keyring`; run by {svc}_owner.
-- Nobody but its owner reads these tables: whoever needs a key asks the functions below.

CREATE TABLE {svc}.people (
    subject   text COLLATE "C" PRIMARY KEY,
    tenant    text COLLATE "C" NOT NULL,
    contact   bytea,        -- HMAC of the normalised contact, by which the person is found
    wrapped   bytea,        -- the data key, encrypted with one derived from the secret
    made_at   timestamptz NOT NULL DEFAULT now(),
    erased_at timestamptz,  -- then nothing else is left of the person
    CHECK ((erased_at IS NULL) = (wrapped IS NOT NULL)),
    CHECK ((erased_at IS NULL) = (contact IS NOT NULL))
-- What was deleted shall not lie about in dead rows.
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
CREATE UNIQUE INDEX people_contact ON {svc}.people (tenant, contact) WHERE contact IS NOT NULL;

-- Up to which position the erasures in a log were applied here. It is restored with the keys, so
-- an older copy of them says by itself which erasures it lacks.
CREATE TABLE {svc}.applied (
    log      text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL
) WITH (fillfactor = 50);

-- The people with these contacts; those who are new get the subject and the key offered for them.
CREATE FUNCTION {svc}.claim(_tenants text[], _contacts bytea[], _subjects text[], _wrapped bytea[])
RETURNS TABLE (tenant text, contact bytea, subject text, wrapped bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO {svc}.people (tenant, contact, subject, wrapped)
    SELECT t, c, s, w FROM unnest(_tenants, _contacts, _subjects, _wrapped) AS new(t, c, s, w)
    ORDER BY t, c  -- two at once wait for each other in one direction only
    ON CONFLICT DO NOTHING;
    SELECT p.tenant, p.contact, p.subject, p.wrapped
    FROM {svc}.people p JOIN unnest(_tenants, _contacts) AS new(t, c)
        ON p.tenant = t AND p.contact = c;
$$;

CREATE FUNCTION {svc}.find(_tenant text, _contact bytea) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.subject FROM {svc}.people p WHERE p.tenant = _tenant AND p.contact = _contact;
$$;

-- Of these subjects, those that this tenant has.
CREATE FUNCTION {svc}.keys(_tenant text, _subjects text[])
RETURNS TABLE (subject text, wrapped bytea, erased_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.subject, p.wrapped, p.erased_at
    FROM {svc}.people p WHERE p.subject = ANY(_subjects) AND p.tenant = _tenant;
$$;

-- Delete the key of a person, and tell every process that may remember it. Done twice, or to a
-- person whom this copy does not know, it leaves the same: a subject that is known as erased.
CREATE FUNCTION {svc}.erase(_tenant text, _subject text, _at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO {svc}.people AS p (subject, tenant, erased_at) VALUES (_subject, _tenant, _at)
    ON CONFLICT (subject) DO UPDATE SET contact = NULL, wrapped = NULL, erased_at = _at
    WHERE p.tenant = _tenant AND p.erased_at IS NULL;
    SELECT pg_notify('{svc}', _subject);
$$;

CREATE FUNCTION {svc}.applied_to(_log text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT a.position FROM {svc}.applied a WHERE a.log = _log), 0);
$$;

CREATE FUNCTION {svc}.apply_to(_log text, _position bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO {svc}.applied VALUES (_log, _position)
    ON CONFLICT (log) DO UPDATE SET position = _position;
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {svc} FROM PUBLIC;
GRANT USAGE ON SCHEMA {svc} TO {svc}_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {svc} TO {svc}_app;
