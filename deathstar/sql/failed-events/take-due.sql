-- Takes the event that has been due the longest, unless another instance has it. Held until the transaction ends.
select position, event_id, payload, attributes, recorded_on, attempts
from projection.failed_events
where state = 'retrying' and next_attempt_on <= now()
order by next_attempt_on
limit 1
for update skip locked
