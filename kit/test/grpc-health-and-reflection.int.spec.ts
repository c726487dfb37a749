import {
  descriptorSet,
  HealthClient,
  ServerReflectionService,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '@emitter/proto';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { connect, fromGrpcStatus, healthServer, openBidi, type EmitterError } from '@emitter/kit';
import { collect, createHarness, failureOf, until } from './grpc-harness';

const harness = createHarness();
afterEach(() => harness.closeAll());

describe('the health server', () => {
  async function start() {
    const health = await healthServer({ host: '127.0.0.1', port: 0 });
    const client = connect(HealthClient, `127.0.0.1:${health.port}`);
    harness.onClose(() => client.close());
    harness.onClose(() => health.close());
    const check = (service: string) =>
      new Promise<string>((resolve) => {
        client.check({ service }, (error, response) =>
          resolve(error === null ? String(response.status) : fromGrpcStatus(error).message),
        );
      });
    return { health, client, check };
  }

  it('is alive and not ready at first, then what it is told', async () => {
    const { health, check } = await start();
    expect([await check('liveness'), await check('readiness'), await check('')]).toEqual(['1', '2', '2']);
    health.set('readiness', true);
    expect([await check('liveness'), await check('readiness'), await check('')]).toEqual(['1', '1', '1']);
    health.set('liveness', false);
    expect([await check('liveness'), await check('')]).toEqual(['2', '1']);
    expect(await check('nothing')).toMatch(/^NOT_FOUND/);
  });

  it('tells a watcher of each change', async () => {
    const { health, client } = await start();
    const seen: number[] = [];
    const call = client.watch({ service: 'readiness' });
    call.on('error', () => undefined);
    call.on('data', ({ status }: { status: number }) => seen.push(status));
    await until(() => seen.length === 1);
    health.set('readiness', true);
    await until(() => seen.length === 2);
    expect(seen).toEqual([2, 1]);
  });

  it('says when the port is taken', async () => {
    const { health } = await start();
    const error: EmitterError = await failureOf(healthServer({ host: '127.0.0.1', port: health.port }));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(error.message).toContain('health');
  });
});

describe('reflection', () => {
  type Question = NonNullable<ServerReflectionRequest['messageRequest']>;
  type Answer = ServerReflectionResponse['messageResponse'];

  async function ask(questions: (Question | undefined)[], rawBytes?: Buffer): Promise<Answer[]> {
    const { client } = await harness.start({}, { reflection: descriptorSet() });
    const method = ServerReflectionService.serverReflectionInfo;
    const call = openBidi(client, rawBytes === undefined ? method : { ...method, requestSerialize: () => rawBytes });
    for (const messageRequest of questions) await call.write({ host: 'h', messageRequest });
    call.end();
    const answers: Answer[] = [];
    for await (const { messageResponse, validHost } of call.responses) {
      expect(validHost).toBe('h');
      answers.push(messageResponse);
    }
    return answers;
  }

  function filesOf(answer: Answer): string[] {
    expect(answer?.$case).toBe('fileDescriptorResponse');
    return answer?.$case === 'fileDescriptorResponse'
      ? answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name)
      : [];
  }

  it('lists the services that are served, and no other', async () => {
    const [answer] = await ask([{ $case: 'listServices', value: '*' }]);
    expect(answer).toEqual({
      $case: 'listServicesResponse',
      value: { service: [{ name: 'emitter.v1.Destroyer' }, { name: 'grpc.reflection.v1.ServerReflection' }] },
    });
  });

  it('gives a file with all that it needs', async () => {
    const [byName, byService, byMethod, byMessage, byField, byEnumValue] = await ask([
      { $case: 'fileByFilename', value: 'emitter/v1/destroyer.proto' },
      { $case: 'fileContainingSymbol', value: 'emitter.v1.Destroyer' },
      { $case: 'fileContainingSymbol', value: 'emitter.v1.Destroyer.ListTargets' },
      { $case: 'fileContainingSymbol', value: 'emitter.v1.Target' },
      { $case: 'fileContainingSymbol', value: 'emitter.v1.Target.criticality' },
      { $case: 'fileContainingSymbol', value: 'emitter.v1.TARGET_ORDER_OLDEST_FIRST' },
    ]);
    const destroyer = filesOf(byName);
    expect(destroyer[0]).toBe('emitter/v1/destroyer.proto');
    expect(destroyer).toEqual(
      expect.arrayContaining(['emitter/v1/target.proto', 'google/rpc/status.proto', 'google/protobuf/any.proto']),
    );
    expect(new Set(destroyer).size).toBe(destroyer.length);
    expect(filesOf(byService)).toEqual(destroyer);
    expect(filesOf(byMethod)).toEqual(destroyer);
    expect(filesOf(byEnumValue)).toEqual(destroyer);
    expect(filesOf(byMessage)).toEqual(['emitter/v1/target.proto', 'google/protobuf/timestamp.proto']);
    expect(filesOf(byField)).toEqual(filesOf(byMessage));
  });

  it('says what it does not know, and goes on', async () => {
    const answers = await ask([
      { $case: 'fileByFilename', value: 'no/such.proto' },
      { $case: 'fileContainingSymbol', value: 'no.Such' },
      { $case: 'fileContainingExtension', value: { containingType: 'emitter.v1.Target', extensionNumber: 100 } },
      { $case: 'allExtensionNumbersOfType', value: 'no.Such' },
      undefined,
      { $case: 'allExtensionNumbersOfType', value: 'emitter.v1.Target' },
    ]);
    const codes = answers.map((answer) => (answer?.$case === 'errorResponse' ? answer.value.errorCode : answer));
    expect(codes).toEqual([
      5,
      5,
      5,
      5,
      3,
      { $case: 'allExtensionNumbersResponse', value: { baseTypeName: 'emitter.v1.Target', extensionNumber: [] } },
    ]);
  });

  it('refuses what is no request', async () => {
    const error = await failureOf(ask([undefined], Buffer.from([0x0a, 0xff])));
    expect(error.code).toBe('INVALID_ARGUMENT');
  });

  it('is not there when it is not asked for', async () => {
    const { client } = await harness.start({});
    const call = openBidi(client, ServerReflectionService.serverReflectionInfo);
    const error = await failureOf(collect(call.responses));
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect(error.message).toMatch(/^UNIMPLEMENTED/);
  });
});
