-- How a step is taken back; null if it is to be done.
alter table step add column undoing text;

-- Why a thing was left where it is.
alter table effect add column note text;

-- Looks that change nothing: a plan of a run, a plan of a teardown, an observation.
create table survey (
    id            uuid primary key,
    deployment_id uuid not null references deployment on delete cascade,
    hub           text not null,
    kind          text not null,
    app_id        text collate "C",
    removal       text,
    seq           bigint not null,
    asked_by      text,
    asked_at      timestamptz not null,
    until         timestamptz not null,
    done_at       timestamptz,
    complete      boolean,
    hash          text
);
create index survey_of_deployment on survey (deployment_id, kind, asked_at desc);
create index survey_under_way on survey (until) where done_at is null;

-- What a survey looks at: one step each. Leased and fenced as an attempt is, and never in its way.
create table look (
    survey_id     uuid not null references survey on delete cascade,
    app_id        text collate "C" not null,
    step_id       text collate "C" not null,
    position      int  not null,
    provider      text not null,
    phase         text not null,
    fence         bigint not null default 0,
    claim_id      uuid,
    executor      text,
    lease_until   timestamptz,
    resend_at     timestamptz,
    sends         int not null default 1,
    command_id    uuid,
    context       jsonb,
    findings      jsonb,
    primary key (survey_id, app_id, step_id)
);
create index look_lease on look (lease_until) where phase = 'CLAIMED';
create index look_resend on look (resend_at) where phase = 'OPEN';
