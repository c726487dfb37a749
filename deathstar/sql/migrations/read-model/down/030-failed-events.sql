drop table projection.failed_events;
