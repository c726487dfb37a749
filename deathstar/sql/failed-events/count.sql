select
  count(*) filter (where state = 'parked') as parked,
  count(*) filter (where state = 'retrying') as retrying
from projection.failed_events
