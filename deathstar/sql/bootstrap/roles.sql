-- Group roles and their rights on this database. Run once in each database by an administrator (a superuser, or
-- a role with CREATEROLE that owns the database), before any migration; running it again changes nothing.
-- Nobody logs in as a group: logins are members (embedded: logins.sql; distributed: Vault makes them, minutes long).
do $roles$
declare
  group_name text;
begin
  foreach group_name in array array[
    'emitter_owner',      -- owns the schemas; migrations SET ROLE it
    'emitter_appender',   -- may append to the embedded event log
    'emitter_subscriber', -- may read the embedded event log and move its checkpoints
    'emitter_projector',  -- may project into the read model
    'emitter_reader'      -- may read the read model's views
  ] loop
    begin
      execute format('create role %I nologin noinherit', group_name);
    exception when duplicate_object or unique_violation then
      -- Roles belong to the whole server: another database's bootstrap made it, perhaps at this moment.
      null;
    end;
  end loop;

  execute format('revoke all on database %I from public', current_database());
  execute format(
    'grant connect on database %I to emitter_owner, emitter_appender, emitter_subscriber, emitter_projector, emitter_reader',
    current_database()
  );
  execute format('grant create on database %I to emitter_owner', current_database());
  revoke all on schema public from public;
end
$roles$;
