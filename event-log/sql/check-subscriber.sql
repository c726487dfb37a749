-- The rights to read events and to move a checkpoint (an update of no row asks for the right all the same).
with moved as (
  update event_log.checkpoints set position = position where false returning position
)
select current_setting('transaction_read_only')::boolean as read_only, (select count(*) from moved) as moved,
  (select max(position) from event_log.events) as head
