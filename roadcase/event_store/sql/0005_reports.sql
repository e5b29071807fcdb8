-- Which tenant's rows a login of {svc}_reports sees in the views of {svc}_reports. No row: none.

CREATE TABLE {svc}.report_users (
    role    text PRIMARY KEY,
    tenant  text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT ON {svc}.report_users TO {svc}_app;
