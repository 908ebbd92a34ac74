-- The hub's secrets. A copy opens at one provider's executor alone: nobody who has this table can read one. The row of a
-- deleted one stays without its copies, so that a version never comes again.
create table secret (
    hub        text        not null,
    name       text        not null,
    version    bigint      not null,
    copies     text,
    set_at     timestamptz not null default now(),
    set_by     text        not null,
    primary key (hub, name)
);
