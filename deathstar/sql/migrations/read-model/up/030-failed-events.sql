-- Events that could not be projected. Attributes are json, not jsonb, because jsonb refuses \u0000 and this table
-- must take what every other table refuses.
create table projection.failed_events (
  position text collate "C" primary key,
  event_id text not null,
  payload bytea not null,
  attributes json not null,
  recorded_on timestamptz not null,
  state text not null check (state in ('retrying', 'parked')),
  reason text not null,
  error text not null,
  attempts integer not null check (attempts >= 0),
  first_failed_on timestamptz not null,
  last_failed_on timestamptz not null,
  -- When it is due again; nothing once it is parked.
  next_attempt_on timestamptz,
  check ((state = 'retrying') = (next_attempt_on is not null))
);
