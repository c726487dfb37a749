-- Stores the targets that follow the first, of events whose first was stored in this transaction. No "on conflict":
-- an event is stored whole or not at all. $1..$5: one array a column, one element a target.
insert into projection.targets (id, message, criticality, source, created_on, updated_on)
select id, message, criticality, source, created_on, created_on
from unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::timestamptz[])
  as given (id, message, criticality, source, created_on)
