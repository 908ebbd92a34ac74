-- Addresses that hubs want to be told at. A secret is here only under the gateway's key.
create table webhook (
    id              uuid primary key,
    hub             text        not null,
    url             text        not null,
    description     text,
    -- Which events, such as step.succeeded; null for all.
    events          text[],
    -- Of which deployment; null for all of the hub's.
    deployment_id   uuid,
    secret          bytea       not null,
    -- Signs too until then, after a rotation.
    previous_secret bytea,
    previous_until  timestamptz,
    -- ACTIVE, PAUSED (what happens is held) or DISABLED (what happens is not kept), with the reason of the latter.
    state           text        not null default 'ACTIVE',
    reason          text,
    failing_since   timestamptz,
    created_at      timestamptz not null default now(),
    created_by      text        not null,
    changed_at      timestamptz not null default now()
);
create index webhook_of_hub on webhook (hub, id);

-- One event for one webhook. An event that arrives twice finds its row here.
create table delivery (
    webhook       uuid        not null references webhook on delete cascade,
    event_id      uuid        not null,
    event         text        not null,
    deployment_id uuid,
    body          bytea       not null,
    -- PENDING, HELD (its webhook is paused), DELIVERED or FAILED
    state         text        not null,
    -- How many tries of the schedule are used up; a redelivery by hand begins anew.
    tries         int         not null default 0,
    due_at        timestamptz,
    -- A gateway is at it until then.
    lease_until   timestamptz,
    created_at    timestamptz not null default now(),
    primary key (webhook, event_id)
);
create index delivery_due on delivery (due_at, webhook) where due_at is not null;
create index delivery_due_of_webhook on delivery (webhook, due_at) where due_at is not null;
create index delivery_age on delivery (created_at);

create table delivery_attempt (
    webhook     uuid        not null,
    event_id    uuid        not null,
    number      int         not null,
    at          timestamptz not null,
    duration_ms int         not null,
    -- What the receiver answered; null if it did not.
    status      int,
    -- Why it does not count as delivered; null if it does.
    failure     text,
    primary key (webhook, event_id, number),
    foreign key (webhook, event_id) references delivery on delete cascade
);

-- Webhooks of providers that were taken in, so that one that arrives twice is known.
create table provider_hook (
    provider text        not null,
    id       text        not null,
    seen_at  timestamptz not null default now(),
    primary key (provider, id)
);
create index provider_hook_age on provider_hook (seen_at);
