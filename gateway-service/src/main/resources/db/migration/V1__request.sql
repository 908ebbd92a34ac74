-- A request that came with a key. The row is there before the message is published, and holds its id: whoever repeats
-- the request publishes that same message. Once answered, the answer is what a repeat gets.
create table request (
    hub         text        not null,
    key         text        not null,
    digest      text        not null,
    kind        text        not null,
    message_id  uuid        not null,
    created_at  timestamptz not null default now(),
    -- Since when a gateway is at work on it; null when none is.
    taken_at    timestamptz,
    answered_at timestamptz,
    status      int,
    headers     text,
    body        text,
    primary key (hub, key)
);
create index request_age on request (created_at);
