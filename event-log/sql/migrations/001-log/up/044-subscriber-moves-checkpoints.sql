grant select, insert, update on event_log.checkpoints to emitter_subscriber
