import type { SentRequest } from './compare';

/** What a client did, kept in memory: what it sent and what was acknowledged. */
export interface Journal {
  /** Notes a request before it is sent; repeats under the same id count once. */
  readonly sent: (request: SentRequest) => void;
  /** Notes that the request was answered with OK. */
  readonly acknowledged: (request: SentRequest) => void;
  /** Everything noted so far, as `compare` takes it. */
  entries(): { readonly sent: readonly SentRequest[]; readonly acknowledged: readonly SentRequest[] };
}

/** An empty journal. */
export function createJournal(): Journal {
  const sent = new Map<string, SentRequest>();
  const acknowledged = new Map<string, SentRequest>();
  return {
    sent: (request) => void sent.set(request.requestId, request),
    acknowledged: (request) => void acknowledged.set(request.requestId, request),
    entries: () => ({ sent: [...sent.values()], acknowledged: [...acknowledged.values()] }),
  };
}
