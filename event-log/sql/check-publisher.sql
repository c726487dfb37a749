-- Appends nothing, by the way that every event takes: the right to append, and the lock that appends wait for.
select current_setting('transaction_read_only')::boolean as read_only
from event_log.append('{}', '{}', '{}', '{}')
