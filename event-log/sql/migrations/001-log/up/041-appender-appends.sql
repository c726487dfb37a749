grant execute on function event_log.append(text[], bytea[], bytea[], jsonb[]) to emitter_appender
