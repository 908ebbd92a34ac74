-- What somebody is asked to sign, once, to show that a key or a wallet is theirs. Whoever answers takes the row away; a row
-- that nobody answers is swept when it has expired. It says nothing about whether there is such a hub, key or member.
create table challenge (
    nonce       text primary key,
    audience    text        not null,
    purpose     text        not null,
    hub         text        not null,
    subject     text        not null,
    -- The id of the key that signs for its successor; null for everything else.
    predecessor text,
    expires_at  timestamptz not null
);
create index challenge_expired on challenge (expires_at);

-- A hub's keys are a history, and a history only grows: a key is retired once and revoked once, and nothing else changes.
create function hub_key_only_grows() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE'
        and (new.hub, new.kid, new.public_key, new.name, new.predecessor, new.added_at, new.added_by)
            is not distinct from
            (old.hub, old.kid, old.public_key, old.name, old.predecessor, old.added_at, old.added_by)
        and (old.retired_at is null or new.retired_at is not distinct from old.retired_at)
        and (old.revoked_at is null or new.revoked_at is not distinct from old.revoked_at) then
        return new;
    end if;
    raise exception 'The history of hub keys only grows' using errcode = 'integrity_constraint_violation';
end $$;
create trigger hub_key_only_grows before update or delete on hub_key
    for each row execute function hub_key_only_grows();
