-- Drops the months that ended before a time (UTC); answers how many. Never touches the last two days, in which a
-- caller may still send a request again.
create function projection.drop_partitions_before(cutoff timestamptz) returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '2s'
as $$
declare
  partition regclass;
  dropped integer := 0;
begin
  if cutoff is null or cutoff > now() - interval '2 days' then
    raise exception 'partitions may be dropped up to two days ago, not up to %', cutoff
      using errcode = 'invalid_parameter_value';
  end if;

  perform pg_advisory_xact_lock(hashtext('projection.partitions'));
  for partition in
    select inhrelid::regclass
    from pg_inherits
    where inhparent = 'projection.targets'::regclass
      and to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM') + interval '1 month' <= cutoff
    order by inhrelid::regclass::text
  loop
    execute format('drop table %s', partition);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;
