create index targets_by_storing on projection.targets (stored_in, id);
