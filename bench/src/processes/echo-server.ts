import { DestroyerService, type AcquireTargetsRequest, type AcquireTargetsResponse } from '@emitter/proto';
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';

/**
 * The baseline: a bare grpc-js server that answers AcquireTargets with the same messages as destroyer does and does
 * nothing else. Tells its port over the IPC channel and ends with it.
 */
const createdOn = new Date();

function acquireTargets(
  { request }: ServerUnaryCall<AcquireTargetsRequest, AcquireTargetsResponse>,
  answer: sendUnaryData<AcquireTargetsResponse>,
): void {
  const { requestId, targets } = request;
  answer(null, {
    eventId: requestId,
    targets: targets.map(({ message, criticality, source }) => ({
      id: requestId,
      message,
      criticality,
      source,
      createdOn,
      updatedOn: createdOn,
    })),
  });
}

const server = new Server();
server.addService({ acquireTargets: DestroyerService.acquireTargets }, { acquireTargets });
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) {
    throw error;
  }
  process.send?.({ port });
});
process.once('disconnect', () => process.exit(0));
