import { PulsarError } from '../errors';
import type { WireSchema } from '../lookup/lookup';

/** Schema types by the name that `pulsar-client` has for them, and their number on the wire. */
const NUMBERS = {
  None: 0,
  String: 1,
  Json: 2,
  Protobuf: 3,
  Avro: 4,
  Boolean: 5,
  Int8: 6,
  Int16: 7,
  Int32: 8,
  Int64: 9,
  Float32: 10,
  Float64: 11,
  KeyValue: 15,
  ProtobufNative: 20,
  AutoConsume: -3,
  AutoPublish: -4,
  Bytes: -1,
} as const;
export type SchemaType = keyof typeof NUMBERS;

/** What a producer or consumer declares about its payloads. The payload itself stays bytes: no codec is applied. */
export interface SchemaInfo {
  schemaType: SchemaType;
  /** Shown in the registry. */
  name?: string;
  /** The declaration: an Avro record as JSON, for Json and Avro. */
  schema?: string;
  properties?: Record<string, string>;
}

const UNTYPED: readonly SchemaType[] = ['None', 'Bytes', 'AutoConsume', 'AutoPublish'];
const LATER: readonly SchemaType[] = ['Protobuf', 'ProtobufNative', 'KeyValue'];

/** As the broker wants it; undefined for what declares nothing. Raises NOT_SUPPORTED, INVALID_CONFIGURATION. */
export function toWireSchema(info: SchemaInfo | undefined): WireSchema | undefined {
  if (!info || UNTYPED.includes(info.schemaType)) return undefined;
  if (LATER.includes(info.schemaType))
    throw new PulsarError('NOT_SUPPORTED', `schema type ${info.schemaType} is not covered`);
  const type = (NUMBERS as Record<string, number | undefined>)[info.schemaType];
  if (type === undefined)
    throw new PulsarError('INVALID_CONFIGURATION', `schemaType "${info.schemaType}" is not known`);
  if (info.schemaType === 'Json' || info.schemaType === 'Avro') checkDeclaration(info);
  return {
    name: info.name ?? info.schemaType,
    data: Buffer.from(info.schema ?? ''),
    type,
    properties: Object.entries(info.properties ?? {}).map(([key, value]) => ({ key, value })),
  };
}

/** From the broker. */
export function fromWireSchema(schema: WireSchema): SchemaInfo {
  const entry = Object.entries(NUMBERS).find(([, number]) => number === schema.type);
  return {
    schemaType: (entry?.[0] ?? 'Bytes') as SchemaType,
    name: schema.name,
    schema: Buffer.from(schema.data).toString(),
    properties: Object.fromEntries((schema.properties ?? []).map(({ key, value }) => [key, value])),
  };
}

function checkDeclaration(info: SchemaInfo): void {
  try {
    JSON.parse(info.schema ?? '');
  } catch (cause) {
    throw new PulsarError('INVALID_CONFIGURATION', `a ${info.schemaType} schema is an Avro record in JSON`, { cause });
  }
}
