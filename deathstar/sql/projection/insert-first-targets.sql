-- Stores the first target of each event, which stands for the event; answers the ids that were there already.
-- $1..$6: one array a column, one element an event, each event once, in the order of id (two instances that store the
-- same events must take their locks in the same order).
with stored as (
  insert into projection.targets (id, message, criticality, source, created_on, updated_on, content_hash)
  select id, message, criticality, source, created_on, created_on, content_hash
  from unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::timestamptz[], $6::bytea[])
    as given (id, message, criticality, source, created_on, content_hash)
  on conflict do nothing
  returning id
)
select id from unnest($1::text[]) as given (id) where id not in (select id from stored)
