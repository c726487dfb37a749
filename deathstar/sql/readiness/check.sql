-- A round trip as this service's own role through every table it writes.
select 1
where exists (select from projection.targets where id = '')
  or exists (select from projection.failed_events where position = '')
