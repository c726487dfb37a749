-- Appends events in the order given and tells for each its position, and whether what stands there under its id has
-- its content. An id that is there already, or twice among these, keeps its first content.
--
-- The lock makes positions become visible in their order: it is taken before the first position is drawn, and the
-- server releases it only after the commit can be seen by others. A reader therefore never steps over a position that
-- is still to come. Whoever calls this must not hold the transaction open: one statement, committed by itself.
create function event_log.append(
  ids text[], content_hashes bytea[], payloads bytea[], attributes jsonb[],
  out positions bigint[], out same boolean[]
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '1500ms'
as $append$
declare
  wanted constant int := cardinality(ids);
begin
  if wanted <> all (array[cardinality(content_hashes), cardinality(payloads), cardinality(attributes)]) then
    raise exception using errcode = 'array_subscript_error', message = 'arrays of different lengths';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('event_log.append', 0));
  if wanted = 0 then
    return;
  end if;
  with appended as (
    insert into event_log.events as e (id, content_hash, payload, attributes)
    select n.id, n.content_hash, n.payload, n.attributes
    from unnest(append.ids, append.content_hashes, append.payloads, append.attributes)
      with ordinality as n (id, content_hash, payload, attributes, place)
    order by n.place
    on conflict (id) do nothing
    returning e.position
  )
  select array_agg(a.position order by a.position) into append.positions from appended a;
  if append.positions is not null then
    perform pg_notify('event_log', '');
  end if;
  if coalesce(cardinality(append.positions), 0) < wanted then
    select array_agg(e.position order by n.place), array_agg(e.content_hash = n.content_hash order by n.place)
    into append.positions, append.same
    from unnest(append.ids, append.content_hashes) with ordinality as n (id, content_hash, place)
    join event_log.events e on e.id = n.id;
  end if;
end
$append$
