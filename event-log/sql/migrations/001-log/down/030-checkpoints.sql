drop table event_log.checkpoints
