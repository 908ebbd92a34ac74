-- Only adds. Nothing here can be read by this service: a copy of a secret opens at one provider's executor alone.

-- With which public keyset secrets are sealed for a provider's executors, as these announced it last.
create table keyset (
    provider text primary key,
    keyset   text        not null,
    heard_at timestamptz not null
);

-- Environment variables whose value is a secret of the deployment: the variable's name to the secret's.
alter table deployment add column env_secrets jsonb not null default '{}';
alter table app add column env_secrets jsonb not null default '{}';

create table deployment_secret (
    deployment_id uuid   not null references deployment,
    name          text   not null,
    scope         text   not null,
    version       bigint not null,
    copies        jsonb  not null,
    primary key (deployment_id, name)
);
