-- Takes away what the release before does not use: that a thing has one row a step. It goes on writing rows, which fit the wider key.

-- A row is what one attempt said of a thing; only the same said by the same attempt is the same row.
alter table effect
    add column mark     text,
    add column settings text,
    drop constraint effect_pkey,
    add primary key (deployment_id, app_id, step_id, attempt, effect_key, kind, provider_id, verb);
