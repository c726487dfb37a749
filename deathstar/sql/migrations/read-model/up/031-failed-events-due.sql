create index failed_events_due on projection.failed_events (next_attempt_on) where state = 'retrying';
