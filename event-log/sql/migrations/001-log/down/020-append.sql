drop function event_log.append(text[], bytea[], bytea[], jsonb[])
