-- The subscription's checkpoint, made at the log's beginning when it is new.
with made as (
  insert into event_log.checkpoints (subscription) values ($1) on conflict do nothing returning position
)
select position from made
union all
select position from event_log.checkpoints where subscription = $1
limit 1
