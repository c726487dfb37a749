select pg_try_advisory_lock(hashtextextended('event_log.subscription ' || $1, 0)) as locked
