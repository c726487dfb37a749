grant usage on schema projection to emitter_projector;
