grant usage on schema query to emitter_reader;
