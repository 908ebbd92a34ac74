-- Only adds: a replica of the version before goes on working beside this one. The events that it writes are taken into the chain by
-- the next replica that writes there.

-- The head of the hash chain over a deployment's events, and the seq that it reaches.
alter table deployment
    add column chain   bytea,
    add column chained bigint not null default 0;
alter table event add column hash bytea;

-- What was signed of a deployment when nothing of it was under way any more. Rows never change.
create table receipt (
    deployment_id uuid   not null references deployment on delete cascade,
    seq           bigint not null,
    hub           text   not null,
    statement     text   not null,
    key_id        text   not null,
    signature     bytea  not null,
    made_at       timestamptz not null,
    primary key (deployment_id, seq)
);

-- What the hub signed of the same.
create table receipt_signature (
    deployment_id uuid   not null,
    seq           bigint not null,
    key_id        text   not null,
    hub           text   not null,
    signature     bytea  not null,
    signed_by     text   not null,
    added_at      timestamptz not null default now(),
    primary key (deployment_id, seq, key_id),
    foreign key (deployment_id, seq) references receipt on delete cascade
);
