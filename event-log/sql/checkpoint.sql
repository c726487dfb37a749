select position from event_log.checkpoints where subscription = $1
