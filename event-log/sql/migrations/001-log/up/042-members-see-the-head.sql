grant execute on function event_log.head() to emitter_appender, emitter_subscriber
