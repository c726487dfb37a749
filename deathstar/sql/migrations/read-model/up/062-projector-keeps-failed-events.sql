grant select, insert, update, delete on projection.failed_events to emitter_projector;
