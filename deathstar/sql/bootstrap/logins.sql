-- The embedded mode's fixed logins, as members of their groups; no password is set here. In the distributed mode
-- Vault makes the logins. Run after roles.sql by the same administrator; running it again changes nothing.
do $logins$
declare
  member record;
begin
  for member in
    select * from (values
      ('emitter_migrator', 'noinherit', 'emitter_owner'),
      ('destroyer', 'inherit', 'emitter_appender'),
      ('destroyer', 'inherit', 'emitter_reader'),
      ('deathstar', 'inherit', 'emitter_subscriber'),
      ('deathstar', 'inherit', 'emitter_projector')
    ) as members (login, inheritance, of_group)
  loop
    begin
      execute format('create role %I login %s', member.login, member.inheritance);
    exception when duplicate_object or unique_violation then
      -- Roles belong to the whole server: another database's bootstrap made it, perhaps at this moment.
      null;
    end;
    if not pg_has_role(member.login, member.of_group, 'member') then
      execute format('grant %I to %I', member.of_group, member.login);
    end if;
  end loop;
  -- It inherits nothing from the owner, so the right to connect must be its own.
  execute format('grant connect on database %I to emitter_migrator', current_database());
end
$logins$;
