grant select on event_log.events to emitter_subscriber
