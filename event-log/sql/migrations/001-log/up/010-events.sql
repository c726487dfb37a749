-- Every event, for ever, in the order of its position. Only event_log.append writes here.
create table event_log.events (
  position bigint generated always as identity primary key,
  id text collate "C" not null unique,
  content_hash bytea not null,
  payload bytea not null,
  attributes jsonb not null,
  recorded_on timestamptz not null default clock_timestamp()
)
