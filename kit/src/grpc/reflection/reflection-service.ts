import { ServerReflectionService, type ServerReflectionRequest, type ServerReflectionResponse } from '@emitter/proto';
import { status } from '@grpc/grpc-js';
import { InvalidMessage } from '../invalid-message';
import { service, type ServiceRegistration } from '../service';
import { indexFiles, type FileIndex } from './file-index';

type Answer = NonNullable<ServerReflectionResponse['messageResponse']>;

/** The name under which reflection lists itself. */
const OWN_NAME = 'grpc.reflection.v1.ServerReflection';

/**
 * grpc.reflection.v1 for a serialised google.protobuf.FileDescriptorSet: what grpcurl and its like ask. It lists
 * the services named here and itself, though the set may describe more.
 */
export function reflectionService(descriptorSet: Uint8Array, serviceNames: readonly string[]): ServiceRegistration {
  const files = indexFiles(descriptorSet);
  const names = [...serviceNames, OWN_NAME].sort();
  return service(ServerReflectionService, {
    async serverReflectionInfo(requests, stream) {
      for await (const request of requests) {
        if (request instanceof InvalidMessage) {
          throw request.error;
        }
        await stream.write({
          validHost: request.host,
          originalRequest: request,
          messageResponse: answer(request, files, names),
        });
      }
    },
  });
}

function answer({ messageRequest }: ServerReflectionRequest, files: FileIndex, names: readonly string[]): Answer {
  switch (messageRequest?.$case) {
    case 'fileByFilename':
      return filesOrNotFound(files, messageRequest.value, `file ${messageRequest.value}`);
    case 'fileContainingSymbol':
      return filesOrNotFound(files, files.fileOf(messageRequest.value), `symbol ${messageRequest.value}`);
    case 'fileContainingExtension': {
      const { containingType, extensionNumber } = messageRequest.value;
      const file = files.fileOfExtension(containingType, extensionNumber);
      return filesOrNotFound(files, file, `extension ${extensionNumber} of ${containingType}`);
    }
    case 'allExtensionNumbersOfType': {
      const numbers = files.extensionNumbers(messageRequest.value);
      return numbers === undefined
        ? failure(status.NOT_FOUND, `there is no message ${messageRequest.value}`)
        : {
            $case: 'allExtensionNumbersResponse',
            value: { baseTypeName: messageRequest.value, extensionNumber: numbers },
          };
    }
    case 'listServices':
      return { $case: 'listServicesResponse', value: { service: names.map((name) => ({ name })) } };
    case undefined:
      return failure(status.INVALID_ARGUMENT, 'the request asks nothing');
  }
}

function filesOrNotFound(files: FileIndex, fileName: string | undefined, what: string): Answer {
  const found = fileName === undefined ? undefined : files.withDependencies(fileName);
  return found === undefined
    ? failure(status.NOT_FOUND, `there is no ${what}`)
    : { $case: 'fileDescriptorResponse', value: { fileDescriptorProto: found } };
}

function failure(errorCode: number, errorMessage: string): Answer {
  return { $case: 'errorResponse', value: { errorCode, errorMessage } };
}
