rollback to savepoint before_event
