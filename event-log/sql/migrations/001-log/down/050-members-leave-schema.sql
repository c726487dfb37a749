revoke usage on schema event_log from emitter_appender, emitter_subscriber
