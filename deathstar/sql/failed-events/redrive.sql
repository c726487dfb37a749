-- Parked events are tried again from the first attempt; answers which. $1: positions, null for every parked event.
update projection.failed_events
set state = 'retrying', attempts = 0, next_attempt_on = now()
where state = 'parked' and ($1::text[] is null or position = any ($1::text[]))
returning position
