export { createPartitions, type Partitions } from './partitions';
export { startPartitionUpkeep, type PartitionUpkeepOptions } from './upkeep';
