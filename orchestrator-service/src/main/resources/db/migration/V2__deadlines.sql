-- Only adds: a replica of the version before goes on working beside this one. What it begins has no deadline.

alter table step
    add column begun               boolean not null default false,
    add column previous_generation int,
    add column deadline            timestamptz,
    add column run_deadline        timestamptz,
    add column person_deadline     timestamptz;
create index step_deadline on step (deadline) where deadline is not null;

-- What is under way now gets the time that a run has.
update step
set begun = state = 'WAITING' or checkpoint is not null, deadline = now() + interval '8 days', run_deadline = now() + interval '8 days'
where state not in ('IDLE', 'SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED');
