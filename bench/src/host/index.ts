export { thisMachine, versions, type Machine } from './machine';
export { processUsage, type ProcessUsage } from './process-usage';
