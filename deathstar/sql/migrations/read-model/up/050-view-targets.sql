create view query.targets as
select id, message, criticality, source, created_on, updated_on, stored_in
from projection.targets;
