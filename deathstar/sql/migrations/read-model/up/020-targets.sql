-- One row a target. Ids are ULIDs as text: in collation "C" their order is their order in time, so ranges of id are
-- ranges of time. The row of an event's first target stands for the event: it alone has the content hash.
create table projection.targets (
  id text collate "C" not null,
  message text not null,
  criticality smallint not null check (criticality between 0 and 10),
  source text not null,
  created_on timestamptz not null,
  updated_on timestamptz not null,
  content_hash bytea check (octet_length(content_hash) = 32),
  -- The transaction that stored the row, for those who watch: below the oldest running transaction nothing new appears.
  stored_in xid8 not null default pg_current_xact_id(),
  primary key (id)
) partition by range (id);
