drop table event_log.events
