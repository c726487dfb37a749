import { eventLogConformance } from '../src/conformance';
import { postgresHarness } from './support/harness';

eventLogConformance('postgres', postgresHarness);
