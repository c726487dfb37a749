import { Status as RpcStatus } from '@emitter/proto';
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import fc from 'fast-check';
import { EmitterError, errorCodes, invalidArgument, type ErrorCode } from '../errors';
import { fromGrpcStatus, fromRpcStatus, toGrpcStatus, toRpcStatus } from './status';

const codes = Object.keys(errorCodes) as ErrorCode[];

function serviceError(given: Partial<ServiceError>): ServiceError {
  return Object.assign(new Error('x'), { code: status.UNKNOWN, details: '', metadata: new Metadata(), ...given });
}

it.each(codes)('brings %s to the client and back', (code) => {
  const sent = toGrpcStatus(new EmitterError(code, 'why'));
  expect(status[sent.code]).toBe(errorCodes[code].grpc);
  expect(fromGrpcStatus(serviceError(sent))).toMatchObject({ code, message: 'why', details: {} });
});

it('brings all details to the client and back', () => {
  const detail = fc.record(
    {
      violations: fc.array(
        fc.record({ field: fc.string({ maxLength: 20 }), description: fc.string({ maxLength: 20 }) }),
        {
          minLength: 1,
          maxLength: 20,
        },
      ),
      retryAfterMs: fc.integer({ min: 0, max: 1e9 }),
      requestId: fc.string({ maxLength: 64 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.constantFrom(...codes), detail, (code, details) => {
      const rpc = RpcStatus.decode(RpcStatus.encode(toRpcStatus(new EmitterError(code, 'why', { details }))).finish());
      expect(fromRpcStatus(rpc)).toMatchObject({ code, message: 'why' });
      expect(fromRpcStatus(rpc).details).toEqual(details);
    }),
  );
});

it('fits any error into what a client takes of headers, and encodes whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), fc.integer({ min: 0, max: 200 }), (text, count) => {
      const violations = Array.from({ length: count }, () => ({ field: text, description: text }));
      const { details, metadata } = toGrpcStatus(
        new EmitterError('INVALID_ARGUMENT', text, { details: { violations } }),
      );
      expect(() => encodeURI(details)).not.toThrow(); // as grpc-js does
      const [trailer] = metadata.get('grpc-status-details-bin');
      expect(details.length).toBeLessThanOrEqual(1_024);
      expect((trailer as Buffer).length).toBeLessThan(3_072 + 3 * 1_024 + 512);
    }),
  );
});

it('takes a lone surrogate out of a message, which grpc-js would throw on', () => {
  expect(toGrpcStatus(new EmitterError('INTERNAL', 'a\uD800b')).details).toBe('a\uFFFDb');
});

it('keeps the text of what is not an EmitterError', () => {
  expect(toRpcStatus(new Error('secret'))).toMatchObject({ code: status.INTERNAL });
  expect(toRpcStatus('secret').message).not.toContain('secret');
});

it('names the fields', () => {
  const rpc = toRpcStatus(invalidArgument([{ field: 'targets[3].message', description: 'must be shorter' }]));
  expect(rpc.message).toBe('targets[3].message must be shorter');
});

describe('a status of others', () => {
  it.each([
    [status.UNAVAILABLE, 'UNAVAILABLE'],
    [status.INVALID_ARGUMENT, 'INVALID_ARGUMENT'],
    [status.ALREADY_EXISTS, 'REQUEST_ID_CONFLICT'],
    [status.RESOURCE_EXHAUSTED, 'OVERLOADED'],
    [status.DEADLINE_EXCEEDED, 'DEADLINE_EXCEEDED'],
    [status.CANCELLED, 'CANCELLED'],
    [status.INTERNAL, 'INTERNAL'],
  ])('%i is %s', (code, expected) => {
    expect(fromGrpcStatus(serviceError({ code, details: 'why' }))).toMatchObject({ code: expected, message: 'why' });
  });

  it('that no code of ours has is INTERNAL and named', () => {
    expect(fromGrpcStatus(serviceError({ code: status.UNIMPLEMENTED, details: 'why' })).message).toBe(
      'UNIMPLEMENTED: why',
    );
    expect(fromRpcStatus({ code: 77, message: 'why', details: [] }).message).toBe('77: why');
  });

  it('is taken with details that cannot be read, are of others, or are not there', () => {
    const unreadable = new Metadata();
    unreadable.set('grpc-status-details-bin', Buffer.from([0xff]));
    const broken = new Metadata();
    const detail = { typeUrl: 'type.googleapis.com/google.rpc.RetryInfo', value: Buffer.from([0x0a, 0xff]) };
    broken.set(
      'grpc-status-details-bin',
      Buffer.from(RpcStatus.encode({ code: 14, message: '', details: [detail] }).finish()),
    );
    for (const metadata of [unreadable, broken, undefined as unknown as Metadata]) {
      const error = fromGrpcStatus(serviceError({ code: status.UNAVAILABLE, details: 'why', metadata }));
      expect(error).toMatchObject({ code: 'UNAVAILABLE', message: 'why', details: {} });
    }
    const others = [
      { typeUrl: 'type.googleapis.com/google.rpc.Help', value: Buffer.alloc(0) },
      { typeUrl: 'type.googleapis.com/google.rpc.RetryInfo', value: Buffer.alloc(0) },
      { typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: Buffer.from([0x0a, 0x01, 0x58, 0x12, 0x01, 0x79]) },
    ];
    expect(fromRpcStatus({ code: status.UNAVAILABLE, message: 'why', details: others })).toMatchObject({
      code: 'UNAVAILABLE',
      details: {},
    });
  });
});
