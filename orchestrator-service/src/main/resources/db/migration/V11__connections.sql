-- Accounts that hubs have entered themselves. A token is here as only its provider's executors can open it.
-- One that was removed keeps its row without anything to open: its versions go on from there.
create sequence entered_connection_revision;
create table entered_connection (
    provider       text        not null,
    hub            text        not null,
    name           text        not null,
    account        text        not null,
    version        bigint      not null,
    -- Where executors read on; given under a lock, so that it is seen in its order.
    revision       bigint      not null,
    sealed         jsonb,
    installation   bigint,
    -- When a link to install was asked for.
    asked_at       timestamptz,
    entered_at     timestamptz not null,
    entered_by     text        not null,
    removed_at     timestamptz,
    request_key    text,
    request_digest text,
    state          text        not null,
    code           text,
    problem        text,
    checked_at     timestamptz,
    -- Of the version that was last ready; null if none ever was.
    lane           text collate "C" references lane,
    primary key (provider, hub, name)
);
create index entered_connection_revision_of on entered_connection (provider, revision);
create index entered_connection_unchecked on entered_connection (provider) where state = 'CHECKING' and removed_at is null;
create index entered_connection_installation on entered_connection (provider, installation) where installation is not null;

-- Links that let somebody install the GitHub App for a connection; of the link only a hash.
create table installation_link (
    state_sha256 text primary key,
    hub          text        not null,
    name         text        not null,
    account      text        not null,
    asked_at     timestamptz not null,
    asked_by     text        not null,
    expires_at   timestamptz not null,
    used_at      timestamptz
);
create index installation_link_expired on installation_link (expires_at);
