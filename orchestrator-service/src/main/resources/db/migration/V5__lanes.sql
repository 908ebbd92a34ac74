-- Only adds: a replica of the version before goes on working beside this one, as long as no executor has announced a lane.

-- Whose executors have ever said what they have.
create table provider (
    name     text primary key,
    heard_at timestamptz not null
);

-- One row a credential, whichever connections have it. Locked after deployments, in the order of ids.
create table lane (
    id                text collate "C" primary key,
    live_at_most      int         not null,
    windows           jsonb       not null,
    shortest_block_ms bigint      not null,
    longest_block_ms  bigint      not null,
    blocked_until     timestamptz,
    trial             boolean     not null default false,
    throttles         int         not null default 0,
    served            jsonb       not null default '{}',
    writes            jsonb       not null default '[]',
    wrote_at          timestamptz,
    allowances        jsonb       not null default '[]'
);

create table connection (
    provider text        not null,
    name     text        not null,
    hub      text        not null,
    account  text        not null,
    lane     text collate "C" not null references lane,
    heard_at timestamptz not null,
    primary key (provider, name)
);
create index connection_of_lane on connection (lane);

-- The hub is there to take turns by; null where there is no lane.
alter table attempt
    add column lane      text collate "C",
    add column hub       text,
    add column queued_at timestamptz;
create index attempt_of_lane on attempt (lane) where lane is not null and phase in ('OPEN', 'CLAIMED');
create index attempt_in_line on attempt (lane, hub, queued_at) where phase = 'QUEUED';
