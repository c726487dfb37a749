-- Makes the months from one time's to another's; answers how many were missing.
select projection.ensure_partitions($1::timestamptz, $2::timestamptz) as made
