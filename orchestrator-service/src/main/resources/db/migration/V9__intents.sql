-- Which deployments the hub signed: the SHA-256 of the signed statement. Null for those that came without an intent.
alter table deployment add column intent_digest text;

-- What it signed, as it came. A row is made in the transaction that makes the deployment, so a nonce that was used is a
-- deployment that is there, and there is no moment between the two.
create table intent (
    deployment_id uuid primary key references deployment on delete cascade,
    hub           text  not null,
    nonce         text  not null,
    -- The canonical request, whose digest is signed: names of secrets, and no value.
    request       text  not null,
    envelope      text  not null,
    -- The hub's public keys whose signatures counted when it came, as JWKs.
    keys          jsonb not null,
    created_at    timestamptz not null default now()
);
create unique index intent_once on intent (hub, nonce);
