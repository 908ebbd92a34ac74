-- The role of the gateway's database, for a superuser to run in it; as often as one likes. Its password is set apart.

do $$
begin
    if not exists (select from pg_roles where rolname = 'gateway') then
        create role gateway;
    end if;
end $$;
alter role gateway login nosuperuser nobypassrls nocreaterole nocreatedb noreplication;

-- What a superuser made becomes the gateway's.
do $$
declare
    relation regclass;
begin
    if (select rolsuper from pg_database join pg_roles on pg_roles.oid = datdba where datname = current_database()) then
        execute format('alter database %I owner to gateway', current_database());
    end if;
    for relation in
        select pg_class.oid from pg_class join pg_roles on pg_roles.oid = relowner
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') and rolsuper
    loop
        execute format('alter table %s owner to gateway', relation);
    end loop;
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to gateway', current_database());
end $$;
