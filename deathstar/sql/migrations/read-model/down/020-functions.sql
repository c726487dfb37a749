drop function
  projection.ensure_partitions(timestamptz, timestamptz),
  projection.drop_partitions_before(timestamptz),
  projection.lowest_ulid(timestamptz);
