-- What stands in the read model for events that were there already. $1: the ids of their first targets.
select id, content_hash from projection.targets where id = any ($1::text[])
