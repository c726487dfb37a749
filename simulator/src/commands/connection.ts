import { duration, list, text } from '@emitter/kit';
import { connectEmitter, type EmitterClient } from '../client';

/** What every command asks: where the service is and how long it may take. */
export const connectionFields = {
  address: list(
    text({
      doc: '',
      matches: { pattern: /^.+:\d{1,5}$/, as: 'host:port' },
      placeholder: 'HOST:PORT',
    }),
    {
      doc: "Destroyer's address, or several of its replicas': after a failure the next one is asked.",
      group: 'Connection',
      default: ['127.0.0.1:50051'],
    },
  ),
  timeout: duration({ doc: 'How long one call may take.', group: 'Connection', default: '5s', min: '1ms' }),
};

/** A client for each address. */
export function connectAll(settings: {
  readonly address: readonly string[];
  readonly timeout: number;
}): EmitterClient[] {
  return settings.address.map((address) => connectEmitter(address, { timeoutMs: settings.timeout }));
}
