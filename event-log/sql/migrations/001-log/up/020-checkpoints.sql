-- How far each subscription is: every event up to and with this position has been handled. A row is updated many
-- times a second, so pages keep room for the next version.
create table event_log.checkpoints (
  subscription text collate "C" primary key,
  position bigint not null default 0 check (position >= 0),
  updated_on timestamptz not null default clock_timestamp()
) with (fillfactor = 50)
