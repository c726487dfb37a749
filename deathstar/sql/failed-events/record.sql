-- Sets events aside; answers the positions that were not known before. An event that comes again from the log while it
-- is set aside keeps its row: only the retries count as attempts. $1..$9: one array a column, one element an event;
-- $8: retrying or parked; $9: milliseconds until the next attempt, of no meaning for what is parked.
insert into projection.failed_events (
  position, event_id, payload, attributes, recorded_on, reason, error,
  state, attempts, first_failed_on, last_failed_on, next_attempt_on
)
select
  position, event_id, payload, attributes::json, recorded_on, reason, error,
  state, 1, now(), now(), case when state = 'retrying' then now() + retry_in * interval '1 millisecond' end
from unnest(
  $1::text[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::integer[]
) as given (position, event_id, payload, attributes, recorded_on, reason, error, state, retry_in)
on conflict (position) do nothing
returning position
