select event_log.head() as head
