import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';

/** The .proto files, found by their names and by what they declare. */
export interface FileIndex {
  /** A file and every file it needs, each serialised, the file itself first. Undefined when there is none of the name. */
  withDependencies(fileName: string): Buffer[] | undefined;
  /** The file that declares a full name: a message, field, enum, enum value, service or method. */
  fileOf(symbol: string): string | undefined;
  /** The file that declares the extension of a message with this number. */
  fileOfExtension(message: string, number: number): string | undefined;
  /** The numbers of a message's extensions; undefined when the message is not known. */
  extensionNumbers(message: string): number[] | undefined;
}

/** Indexes a serialised google.protobuf.FileDescriptorSet, as `buf build` writes it. */
export function indexFiles(descriptorSet: Uint8Array): FileIndex {
  const { file: files } = fromBinary(FileDescriptorSetSchema, descriptorSet);
  const byName = new Map(files.map((file) => [file.name, file]));
  const bySymbol = new Map<string, string>();
  const extensions = new Map<string, Map<number, string>>();
  for (const file of files) {
    for (const symbol of symbolsOf(file)) {
      bySymbol.set(symbol, file.name);
    }
    for (const { extendee, number } of extensionsOf(file)) {
      const message = extendee.slice(1); // written with a leading dot
      extensions.set(message, (extensions.get(message) ?? new Map<number, string>()).set(number, file.name));
    }
  }

  return {
    withDependencies(fileName) {
      if (!byName.has(fileName)) {
        return undefined;
      }
      const names = new Set([fileName]);
      const found: Buffer[] = [];
      for (const name of names) {
        const file = byName.get(name);
        if (file !== undefined) {
          found.push(Buffer.from(toBinary(FileDescriptorProtoSchema, file)));
          file.dependency.forEach((dependency) => names.add(dependency)); // the loop goes on with what is added
        }
      }
      return found;
    },
    fileOf: (symbol) => bySymbol.get(symbol),
    fileOfExtension: (message, number) => extensions.get(message)?.get(number),
    extensionNumbers: (message) => (bySymbol.has(message) ? [...(extensions.get(message)?.keys() ?? [])] : undefined),
  };
}

function* symbolsOf(file: FileDescriptorProto): Generator<string> {
  const scope = file.package === '' ? '' : `${file.package}.`;
  for (const message of file.messageType) {
    yield* symbolsOfMessage(message, scope);
  }
  for (const declared of file.enumType) {
    yield* symbolsOfEnum(declared, scope);
  }
  for (const { name } of file.extension) {
    yield scope + name;
  }
  for (const { name, method } of file.service) {
    yield scope + name;
    for (const { name: methodName } of method) {
      yield `${scope}${name}.${methodName}`;
    }
  }
}

function* symbolsOfMessage(message: DescriptorProto, scope: string): Generator<string> {
  const name = scope + message.name;
  yield name;
  for (const member of [...message.field, ...message.oneofDecl, ...message.extension]) {
    yield `${name}.${member.name}`;
  }
  for (const nested of message.nestedType) {
    yield* symbolsOfMessage(nested, `${name}.`);
  }
  for (const nested of message.enumType) {
    yield* symbolsOfEnum(nested, `${name}.`);
  }
}

/** Enum values live beside their enum, not in it. */
function* symbolsOfEnum(declared: EnumDescriptorProto, scope: string): Generator<string> {
  yield scope + declared.name;
  for (const { name } of declared.value) {
    yield scope + name;
  }
}

function* extensionsOf(scope: FileDescriptorProto | DescriptorProto): Generator<FieldDescriptorProto> {
  yield* scope.extension;
  for (const message of 'messageType' in scope ? scope.messageType : scope.nestedType) {
    yield* extensionsOf(message);
  }
}
