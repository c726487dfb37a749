-- Wakes those who watch, once this transaction has committed.
select pg_notify('emitter_targets_stored', '')
