-- Drops the months that ended before a time; answers how many.
select projection.drop_partitions_before($1::timestamptz) as dropped
