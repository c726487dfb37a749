import { duration, list } from '@emitter/kit';
import { connectEmitter, type EmitterClient } from '../client';
import { address } from './address-field';

/** What every command asks: where the service is and how long it may take. */
export const connectionFields = {
  address: list(address({ doc: '' }), {
    doc: "Destroyer's address, or several of its replicas': after a failure the next one is asked.",
    group: 'Connection',
    default: ['127.0.0.1:50051'],
  }),
  timeout: duration({ doc: 'How long one call may take.', group: 'Connection', default: '5s', min: '1ms' }),
};

/** A client for each address. */
export function connectAll(settings: {
  readonly address: readonly string[];
  readonly timeout: number;
}): EmitterClient[] {
  return settings.address.map((one) => connectEmitter(one, { timeoutMs: settings.timeout }));
}
