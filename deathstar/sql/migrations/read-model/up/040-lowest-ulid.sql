-- The lowest ULID of a time: every id of that time or later is at or above it. Source: github.com/ulid/spec.
create function projection.lowest_ulid(at timestamptz) returns text
language sql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select string_agg(
    substr(
      '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
      ((floor(extract(epoch from at) * 1000)::bigint >> (5 * (9 - place))) & 31)::integer + 1,
      1
    ),
    '' order by place
  ) || repeat('0', 16)
  from generate_series(0, 9) as place
$$;
