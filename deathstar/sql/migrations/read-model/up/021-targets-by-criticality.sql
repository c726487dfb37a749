create index targets_by_criticality on projection.targets (criticality, id);
