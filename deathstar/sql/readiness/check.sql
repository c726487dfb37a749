-- A round trip as this service's own role. It writes no row, but asks for what writing them takes: every right that
-- the projection uses, and a database that is not read-only.
with stored as (
  insert into projection.targets (id, message, criticality, source, created_on, updated_on, content_hash)
  select id, message, criticality, source, created_on, updated_on, content_hash from projection.targets where false
  returning id
), failed as (
  insert into projection.failed_events select * from projection.failed_events where false returning position
), changed as (
  update projection.failed_events set attempts = attempts where false returning position
), forgotten as (
  delete from projection.failed_events where false returning position
)
select 1
where exists (select from stored) or exists (select from failed)
  or exists (select from changed) or exists (select from forgotten)
