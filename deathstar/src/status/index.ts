export { startStatusGauges } from './gauges';
export { getProjection } from './get-projection';
