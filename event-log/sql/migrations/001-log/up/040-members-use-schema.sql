grant usage on schema event_log to emitter_appender, emitter_subscriber
