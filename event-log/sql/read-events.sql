-- The events after $1 and up to $2, at most $3 of them and at most $4 bytes of payload, but at least one.
select position, id, payload, attributes, recorded_on
from (
  select page.*,
    sum(octet_length(payload)) over (order by position rows unbounded preceding) as bytes,
    row_number() over (order by position) as place
  from (
    select * from event_log.events where position > $1 and position <= $2 order by position limit $3
  ) page
) sized
where bytes <= $4 or place = 1
order by position
