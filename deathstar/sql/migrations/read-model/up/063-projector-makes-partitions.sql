grant execute on function
  projection.ensure_partitions(timestamptz, timestamptz),
  projection.drop_partitions_before(timestamptz)
to emitter_projector;
