-- A view that a later migration adds to the query schema is readable from its first moment.
alter default privileges in schema query grant select on tables to emitter_reader;
