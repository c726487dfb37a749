revoke usage on schema projection from emitter_projector;
