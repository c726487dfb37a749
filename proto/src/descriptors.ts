import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The compiled .proto files (a serialised google.protobuf.FileDescriptorSet), for gRPC reflection. */
export function descriptorSet(): Buffer {
  return readFileSync(join(__dirname, '../descriptors.binpb'));
}
