create index targets_by_source on projection.targets (source, criticality, id);
