-- The two accounts, by the roles that `python -m geo store-upgrade` made. To be run again and again.
\set ON_ERROR_STOP on
\getenv app_password APP_PASSWORD
\getenv crew_password CREW_PASSWORD

SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['app', 'crew']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE app PASSWORD :'app_password';
ALTER ROLE crew PASSWORD :'crew_password';
GRANT briefing_map_reader TO app;   -- the app: reads, nothing else
GRANT briefing_map_loader TO crew;  -- whoever loads layers
