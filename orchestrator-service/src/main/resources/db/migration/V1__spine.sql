-- Every row carries the hub or belongs to one that does. Ids are compared byte by byte, as the services sort them.

create table deployment (
    id              uuid primary key,
    hub             text        not null,
    workflow        text        not null,
    version         int         not null,
    digest          text        not null,
    config          jsonb       not null,
    connections     jsonb       not null,
    env             jsonb       not null,
    seq             bigint      not null default 0,
    idempotency_key text,
    request_digest  text        not null,
    created_at      timestamptz not null default now()
);
create unique index deployment_idempotency_key on deployment (hub, idempotency_key) where idempotency_key is not null;
create index deployment_of_hub on deployment (hub, id desc);

create table app (
    deployment_id uuid  not null references deployment on delete cascade,
    app_id        text collate "C"  not null,
    position      int   not null,
    input         jsonb not null,
    env           jsonb not null,
    primary key (deployment_id, app_id)
);

create table step (
    deployment_id uuid not null references deployment on delete cascade,
    app_id        text collate "C" not null,
    step_id       text collate "C" not null,
    state         text not null,
    generation    int  not null default 0,
    attempt       int  not null default 0,
    fence         bigint not null default 0,
    failures      int  not null default 0,
    probe         boolean not null default false,
    due_at        timestamptz,
    args          jsonb,
    checkpoint    jsonb,
    outputs       jsonb,
    error         jsonb,
    instructions  jsonb,
    request_id    uuid,
    seq           bigint not null default 0,
    since         timestamptz,
    primary key (deployment_id, app_id, step_id)
);
create index step_due on step (due_at) where due_at is not null;

-- One row an attempt. At most one of a step is live: that index says so.
create table attempt (
    deployment_id uuid not null,
    app_id        text collate "C" not null,
    step_id       text collate "C" not null,
    number        int  not null,
    generation    int  not null,
    provider      text not null,
    action        text not null,
    mode          text not null,
    phase         text not null,
    fence         bigint not null,
    claim_id      uuid,
    executor      text,
    claimed_at    timestamptz,
    lease_until   timestamptz,
    resend_at     timestamptz,
    sends         int not null default 1,
    command_id    uuid not null,
    created_at    timestamptz not null,
    ended_at      timestamptz,
    outcome       text,
    failure       jsonb,
    primary key (deployment_id, app_id, step_id, number),
    foreign key (deployment_id, app_id, step_id) references step on delete cascade
);
create unique index attempt_live on attempt (deployment_id, app_id, step_id) where phase <> 'ENDED';
create index attempt_lease on attempt (lease_until) where phase = 'CLAIMED';
create index attempt_resend on attempt (resend_at) where phase = 'OPEN';

-- What was made of each request; a second delivery finds its row here.
create table request (
    id            uuid primary key,
    hub           text not null,
    deployment_id uuid not null,
    kind          text not null,
    outcome       text not null,
    code          text,
    detail        text,
    requested_by  text,
    decided_at    timestamptz not null default now()
);

-- The event log. position and transaction order the feed of a hub so that a late commit is never skipped.
create table event (
    deployment_id uuid   not null references deployment on delete cascade,
    seq           bigint not null,
    hub           text   not null,
    body          jsonb  not null,
    transaction   xid8   not null default pg_current_xact_id(),
    position      bigint generated always as identity,
    primary key (deployment_id, seq)
);
create index event_of_hub on event (hub, transaction, position);

create table outbox (
    id         uuid primary key,
    topic      text  not null,
    key        text  not null,
    body       bytea not null,
    created_at timestamptz not null default now()
);
create index outbox_age on outbox (created_at);

-- What attempts made, took up or found in a provider's account.
create table effect (
    deployment_id uuid not null references deployment on delete cascade,
    app_id        text collate "C" not null,
    step_id       text collate "C" not null,
    attempt       int  not null,
    effect_key    text not null,
    kind          text not null,
    provider      text not null,
    provider_id   text not null,
    name          text,
    account       text not null,
    verb          text not null,
    seen_at       timestamptz not null default now(),
    primary key (deployment_id, app_id, step_id, effect_key, kind, provider_id)
);
