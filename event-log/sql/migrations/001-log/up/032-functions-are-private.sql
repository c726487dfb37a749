revoke all on all functions in schema event_log from public
