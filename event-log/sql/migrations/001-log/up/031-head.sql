-- The last position that can be seen; 0 in an empty log. For roles that may not read the events.
create function event_log.head() returns bigint
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $head$
  select coalesce(max(e.position), 0) from event_log.events e
$head$
