import { TARGETS_ACQUIRED, type TargetsAcquiredEvent } from './targets-acquired';

/** The event as the log keeps it: UTF-8 JSON, defaults always written. The same event gives the same bytes. */
export function encodeTargetsAcquired(event: TargetsAcquiredEvent): Buffer {
  const createdOn = event.createdOn.toISOString();
  return Buffer.from(
    JSON.stringify({
      id: event.id,
      name: TARGETS_ACQUIRED,
      createdOn,
      data: event.targets.map(({ id, message, criticality, source }) => ({
        id,
        message,
        criticality,
        source,
        createdOn,
        updatedOn: createdOn,
      })),
    }),
  );
}
