grant select, insert on projection.targets to emitter_projector;
