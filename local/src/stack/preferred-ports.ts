import type { ProcessOptions } from './managed-process';
import { startService, type ManagedService, type ServicePorts } from './managed-service';
import { anyPorts, freeOf } from './ports';

/**
 * Starts a service on the ports it prefers, or on any free one in place of each that is taken. Somebody may take a port
 * between our look and the service's listening: then any free ones do.
 * @throws EmitterError as `startService`
 */
export async function startOnPreferred(options: ProcessOptions, preferred: ServicePorts): Promise<ManagedService> {
  const free = await freeOf(preferred);
  try {
    return await startService(options, free);
  } catch (error) {
    const now = await freeOf(free);
    const lost = now.api !== free.api || now.health !== free.health || now.metrics !== free.metrics;
    if (lost) {
      return startService(options, anyPorts);
    }
    throw error;
  }
}
