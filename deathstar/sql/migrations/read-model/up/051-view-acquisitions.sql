-- One row an acquisition: its first target's id, and the hash of what the caller said.
create view query.acquisitions as
select id, content_hash, created_on
from projection.targets
where content_hash is not null;
