-- The roles of the orchestrator's database, for a superuser to run in it; as often as one likes. Passwords are set apart.

-- orchestrator_owner owns the schema and brings it up to date. orchestrator_work is who the service logs in as.
-- orchestrator_query is who it becomes for the length of a transaction that reads for one hub: it only reads, and sees
-- that hub's rows alone. None of them is let past the policies of a table.
do $$
declare
    name text;
begin
    foreach name in array array['orchestrator_owner', 'orchestrator_work', 'orchestrator_query'] loop
        if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I', name);
        end if;
    end loop;
end $$;
alter role orchestrator_owner login nosuperuser nobypassrls nocreaterole nocreatedb noreplication;
alter role orchestrator_work login nosuperuser nobypassrls nocreaterole nocreatedb noreplication;
alter role orchestrator_query nologin nosuperuser nobypassrls nocreaterole nocreatedb noreplication;
grant orchestrator_query to orchestrator_work;
grant orchestrator_work to orchestrator_owner;

-- What a superuser made becomes the owner's. What belongs to a role of your own stays that role's.
do $$
declare
    relation regclass;
begin
    if (select rolsuper from pg_database join pg_roles on pg_roles.oid = datdba where datname = current_database()) then
        execute format('alter database %I owner to orchestrator_owner', current_database());
    end if;
    for relation in
        select pg_class.oid from pg_class join pg_roles on pg_roles.oid = relowner
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') and rolsuper
    loop
        execute format('alter table %s owner to orchestrator_owner', relation);
    end loop;
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to orchestrator_owner, orchestrator_work', current_database());
end $$;
