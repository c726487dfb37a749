drop table projection.targets;
