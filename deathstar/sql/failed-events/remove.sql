-- The event is stored now, or need not be. $1: position.
delete from projection.failed_events where position = $1
