select positions::text, same::text from event_log.append($1, $2, $3, $4)
