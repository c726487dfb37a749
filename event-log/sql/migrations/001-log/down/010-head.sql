drop function event_log.head()
