-- Makes the months that are missing, from one time's to another's (UTC); answers how many it made. The service that
-- projects may execute this and nothing else that changes a table. A partition is built beside the table and then
-- attached, which, unlike "create table … partition of", does not stop readers.
create function projection.ensure_partitions(from_time timestamptz, to_time timestamptz) returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '2s'
as $$
declare
  month timestamptz := date_trunc('month', from_time);
  partition_name text;
  made integer := 0;
begin
  if from_time is null or to_time is null or from_time > to_time
    or from_time < now() - interval '11 years' or to_time > now() + interval '13 months'
  then
    raise exception 'partitions may be made for the last 11 years and the next 13 months, not from % to %',
      from_time, to_time using errcode = 'invalid_parameter_value';
  end if;

  perform pg_advisory_xact_lock(hashtext('projection.partitions'));
  while month <= to_time loop
    partition_name := 'targets_' || to_char(month, 'YYYY_MM');
    if to_regclass('projection.' || partition_name) is null then
      execute format('create table projection.%I (like projection.targets including all)', partition_name);
      execute format(
        'alter table projection.targets attach partition projection.%I for values from (%L) to (%L)',
        partition_name, projection.lowest_ulid(month), projection.lowest_ulid(month + interval '1 month')
      );
      made := made + 1;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end
$$;
