-- Only adds, but for one column that may be empty now: the version before reads and writes all of it as it did.

-- A record may have no key, and must be replayed without one.
alter table outbox alter column key drop not null;

-- One row a record's content and place, however often it came: the fingerprint says what is the same letter.
create table dead_letter (
    id            uuid primary key,
    fingerprint   bytea       not null unique,
    topic         text        not null,
    key           bytea,
    value         bytea,
    partition     int         not null,
    record_offset bigint      not null,
    reason        text        not null,
    detail        text        not null,
    source        text        not null,
    first_seen    timestamptz not null,
    last_seen     timestamptz not null,
    occurrences   int         not null default 0,
    replays       int         not null default 0,
    replayed_at   timestamptz,
    replayed_by   text
);

-- Where it was found; a second delivery of the same finding is known by its row here.
create table dead_letter_occurrence (
    letter_id     uuid   not null references dead_letter on delete cascade,
    partition     int    not null,
    record_offset bigint not null,
    primary key (letter_id, partition, record_offset)
);
