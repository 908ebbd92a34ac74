-- Who may do what. Nothing here lets anybody in: of keys and tokens only hashes and public halves are kept.
create table hub (
    id         text primary key,
    name       text        not null,
    -- Whether deployments must come with an intent signed by the hub: OFF, OPTIONAL, REQUIRED.
    intents    text        not null default 'OFF',
    created_at timestamptz not null default now(),
    created_by text        not null
);

-- Somebody who proves who it is with a key of its own, and what it is in a hub. The subject is
-- key:{RFC 7638 thumbprint}, did:cardano:{stake address}, or oidc:{issuer}#{sub}.
create table member (
    hub      text        not null references hub,
    subject  text        not null,
    name     text        not null,
    role     text        not null,
    added_at timestamptz not null default now(),
    added_by text        not null,
    primary key (hub, subject)
);
create index member_subject on member (subject);

-- API keys, and the tokens that a sign-in gives. The id is the part of it that is no secret.
create table credential (
    id         text primary key,
    hub        text        not null references hub,
    kind       text        not null,
    name       text        not null,
    role       text        not null,
    -- Names of permissions; null for all of the role's.
    scopes     text[],
    -- Who signed in; null for an API key.
    subject    text,
    hash       bytea       not null,
    created_at timestamptz not null default now(),
    created_by text        not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    revoked_by text
);
create index credential_of_hub on credential (hub, created_at);
create index credential_expired on credential (expires_at) where expires_at is not null;

-- The hub's Ed25519 keys. The history only grows: a key that is replaced or revoked stays, with the time.
create table hub_key (
    hub         text        not null references hub,
    kid         text        not null,
    public_key  bytea       not null,
    name        text        not null,
    -- The key that signed for this one; null for one that an owner registered.
    predecessor text,
    added_at    timestamptz not null default now(),
    added_by    text        not null,
    -- From then on it signs nothing new, and what it signed before stands.
    retired_at  timestamptz,
    -- From then on nothing it signed is believed that is not known to be older.
    revoked_at  timestamptz,
    primary key (hub, kid)
);
create index hub_key_kid on hub_key (kid);

-- Who did what, when, with which credential, from where. Written in the transaction of what was done, where there is one.
create table audit (
    id         bigint generated always as identity primary key,
    at         timestamptz not null default now(),
    hub        text,
    credential text        not null,
    role       text        not null,
    action     text        not null,
    target     text,
    outcome    text        not null,
    address    text,
    trace_id   text
);
create index audit_of_hub on audit (hub, id desc);
