-- Only adds: finds what waits for a thing that a provider tells about.
create index effect_of_thing on effect (provider, provider_id);
create index effect_of_name on effect (provider, name) where name is not null;
create index step_waiting on step (deployment_id, app_id) where state in ('WAITING', 'DISPATCHED');

-- When a hint last came for a step: a look that was under way then may have been too early.
alter table step add column hinted_at timestamptz;
