-- Only adds: policies under which nobody sees another hub's rows who reads for one hub. A replica of the release before
-- goes on as the owner of the tables, or as a superuser, whom no policy holds.

do $$
begin
    if (select count(*) from pg_roles where rolname in ('orchestrator_query', 'orchestrator_work')) < 2 then
        raise exception 'The roles orchestrator_query and orchestrator_work are missing'
            using hint = 'Run deploy/postgres/orchestrator.sql in this database first; see docs/upgrades.md.';
    end if;
end $$;

-- All tables at once, or none: a replica that locks them one by one must not be waited for by halves.
do $$
declare
    tables text;
begin
    select string_agg(oid::regclass::text, ', ' order by relname <> 'deployment', relname) into tables
    from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and relname <> 'flyway_schema_history';
    loop
        begin
            execute 'lock table ' || tables || ' in access exclusive mode';
            exit;
        exception when deadlock_detected then
            raise notice 'Somebody else was faster; once more';
        end;
    end loop;
end $$;

do $$
declare
    -- Without a hub to read for it is null or empty, which no hub is.
    here constant text := 'current_setting(''app.hub'', true)';
    one record;
    visible text;
begin
    for one in
        select pg_class.relname as name, pg_class.oid::regclass as relation,
               coalesce(bool_or(attname = 'hub' and attnotnull), false) as has_hub,
               coalesce(bool_or(attname = 'deployment_id'), false) as has_deployment
        from pg_class left join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
        where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and relname <> 'flyway_schema_history'
        group by pg_class.oid, relname
        order by relname
    loop
        execute format('alter table %s enable row level security, force row level security', one.relation);
        execute format('grant select, insert, update, delete on %s to orchestrator_work', one.relation);
        -- The owner is held too, and migrates what is of all hubs.
        execute format('create policy work on %s to orchestrator_work, current_user using (true) with check (true)',
                       one.relation);
        visible := case
            -- Which providers there are is no hub's secret.
            when one.name = 'provider' then 'true'
            -- A credential that hubs share: whoever has a connection with it sees how it stands.
            when one.name = 'lane' then 'exists (select from connection where connection.lane = lane.id)
                                      or exists (select from entered_connection where entered_connection.lane = lane.id)'
            when one.name = 'look' then 'exists (select from survey where survey.id = look.survey_id)'
            when one.has_hub then format('%I.hub = %s', one.name, here)
            -- The deployment's own policy says whose it is.
            when one.has_deployment
                then format('exists (select from deployment where deployment.id = %I.deployment_id)', one.name)
        end;
        -- The others, such as the outbox and the dead letters, are of no hub, and nobody reads them for one.
        if visible is not null then
            execute format('grant select on %s to orchestrator_query', one.relation);
            execute format('create policy one_hub on %s for select to orchestrator_query using (%s)',
                           one.relation, visible);
        end if;
    end loop;
end $$;

grant usage, select on all sequences in schema public to orchestrator_work;

-- Tables to come: the service may work with them. Those that are read for a hub get a policy each, and with it the grant.
alter default privileges grant select, insert, update, delete on tables to orchestrator_work;
alter default privileges grant usage, select on sequences to orchestrator_work;
