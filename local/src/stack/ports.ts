import { isFree } from '../postgres/free-port';
import type { ServicePorts } from './managed-service';
import type { ServiceKind } from './programs';

/** Where the design puts the services; two of them on one machine cannot share, so deathstar steps aside. */
export const designedPorts: Readonly<Record<ServiceKind, ServicePorts>> = {
  destroyer: { api: 50_051, health: 50_052, metrics: 9_464 },
  deathstar: { api: 50_061, health: 50_062, metrics: 9_465 },
};

/** Any free ports. */
export const anyPorts: ServicePorts = { api: 0, health: 0, metrics: 0 };

/** The ports wanted, with 0 (any free one) in place of each that is taken. */
export async function freeOf(wanted: ServicePorts): Promise<ServicePorts> {
  const orAny = async (port: number): Promise<number> => (port !== 0 && (await isFree(port)) ? port : 0);
  return { api: await orAny(wanted.api), health: await orAny(wanted.health), metrics: await orAny(wanted.metrics) };
}
