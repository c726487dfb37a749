-- Counts what is behind up to a bound; beyond it the difference of the positions is near enough (a retried event
-- leaves a gap).
with ends as (
  select
    coalesce((select c.position from event_log.checkpoints c where c.subscription = $1), 0) as checkpoint,
    coalesce((select max(e.position) from event_log.events e), 0) as head
), counted as (
  select count(*) as events
  from (
    select from event_log.events e, ends
    where e.position > ends.checkpoint and e.position <= ends.head
    limit 10000
  ) bounded
)
select ends.checkpoint, ends.head,
  case when counted.events < 10000 then counted.events else ends.head - ends.checkpoint end as behind
from ends, counted
