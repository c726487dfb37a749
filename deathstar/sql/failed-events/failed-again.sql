-- $1: position, $2: reason, $3: error, $4: retrying or parked, $5: milliseconds until the next attempt.
update projection.failed_events
set reason = $2,
  error = $3,
  attempts = attempts + 1,
  last_failed_on = now(),
  state = $4,
  next_attempt_on = case when $4 = 'retrying' then now() + $5::integer * interval '1 millisecond' end
where position = $1
