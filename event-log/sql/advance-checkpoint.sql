-- Never back: an instance that lost its turn may be late with this, and what it handled is handled all the same.
update event_log.checkpoints set position = $2, updated_on = clock_timestamp()
where subscription = $1 and position < $2
