import * as ours from '@emitter/pulsar';
import type * as official from 'pulsar-client';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * The API of `pulsar-client`, held against ours by the compiler: when this file compiles (`npm run lint` sees to it),
 * code written for the official package's types compiles with ours. What is not covered is named here, and in the README.
 */
type Covers<Theirs, Ours extends Theirs> = Ours;

// What is returned can do all that the official thing can; what is taken takes all that the official one takes.
export type Results = [
  Covers<Omit<official.Producer, never>, ours.Producer>,
  Covers<Pick<official.MessageId, keyof official.MessageId>, ours.MessageId>,
  Covers<Omit<official.Message, 'getMessageId'>, ours.Message>,
  Covers<official.MessageId, ReturnType<ours.Message['getMessageId']>>,
  Covers<
    Pick<official.Consumer, 'receive' | 'batchReceive' | 'isConnected' | 'close' | 'unsubscribe' | 'seekTimestamp'>,
    ours.Consumer
  >,
  Covers<Pick<official.Reader, 'readNext' | 'hasNext' | 'isConnected' | 'seekTimestamp' | 'close'>, ours.Reader>,
];
export type Names = [
  Covers<keyof ours.Client, keyof official.Client>,
  Covers<keyof ours.Producer, keyof official.Producer>,
  Covers<keyof ours.Consumer, keyof official.Consumer>,
  Covers<keyof ours.Reader, keyof official.Reader>,
  Covers<keyof ours.Message, keyof official.Message>,
];

type NotCoveredOfProducers = 'cryptoKeyReader' | 'cryptoFailureAction';
type NotCoveredOfConsumers = 'cryptoKeyReader' | 'cryptoFailureAction' | 'keySharedPolicy';
export type Options = [
  Covers<ours.ProducerMessage, official.ProducerMessage>,
  Covers<keyof ours.ProducerConfig | NotCoveredOfProducers, keyof official.ProducerConfig>,
  Covers<keyof ours.ConsumerConfig | NotCoveredOfConsumers, keyof official.ConsumerConfig>,
  Covers<keyof ours.ReaderConfig | 'cryptoFailureAction', keyof official.ReaderConfig>,
  Covers<keyof ours.ClientConfig, keyof official.ClientConfigBase>,
  Covers<ours.SchemaInfo, official.SchemaInfo>,
  Covers<ours.ConsumerBatchReceivePolicy, official.ConsumerBatchReceivePolicy>,
  Covers<ours.SubscriptionType, official.SubscriptionType>,
  Covers<ours.CompressionType, official.CompressionType>,
  Covers<ours.HashingScheme, official.HashingScheme>,
  Covers<ours.MessageRoutingMode, official.MessageRoutingMode>,
];
// Values, not only names: what an option of the official client takes, ours takes.
export type Values = [
  Covers<
    Omit<ours.ProducerConfig, 'messageRouter'>,
    Omit<official.ProducerConfig, NotCoveredOfProducers | 'messageRouter'>
  >,
  Covers<Omit<ours.ConsumerConfig, 'listener'>, Omit<official.ConsumerConfig, NotCoveredOfConsumers | 'listener'>>,
];

const readme = (): string => readFileSync(join(__dirname, '..', 'README.md'), 'utf8');

test('every exported class of the official package is there, or in the README as not covered', () => {
  const theirs = [
    'Client',
    'Producer',
    'Consumer',
    'Reader',
    'Message',
    'MessageId',
    'LogLevel',
    'AuthenticationTls',
    'AuthenticationToken',
  ];
  expect(Object.keys(ours)).toEqual(expect.arrayContaining(theirs));
  for (const missing of ['AuthenticationAthenz', 'AuthenticationOauth2', 'AuthenticationBasic'])
    expect(readme()).toContain(missing);
});

// The members of an interface or class in the official types.
function members(types: string, name: string): string[] {
  const [, rest] = types.split(
    new Set(['Client', 'Producer', 'Consumer', 'Reader', 'Message', 'MessageId']).has(name)
      ? `class ${name} {`
      : `interface ${name} {`,
  );
  const body = rest?.split('\n}')[0] ?? '';
  return [...body.matchAll(/^ {2}(?:static )?(\w+)\??[(:]/gm)]
    .map(([, member]) => member!)
    .filter((member) => member !== 'constructor');
}

test('the README has every error code, and every option and method of the official types', () => {
  const text = readme();
  const types = readFileSync(
    require.resolve('pulsar-client/package.json').replace('package.json', 'index.d.ts'),
    'utf8',
  );
  const classes = ['Client', 'Producer', 'Consumer', 'Reader', 'Message', 'MessageId'];
  for (const name of [
    ...classes,
    'ClientConfigBase',
    'ProducerConfig',
    'ConsumerConfig',
    'ReaderConfig',
    'ProducerMessage',
  ]) {
    const all = members(types, name);
    expect(all.length).toBeGreaterThan(2);
    expect({ name, missing: all.filter((member) => !text.includes(`\`${member}\``)) }).toEqual({ name, missing: [] });
  }
  for (const code of Object.keys(ours.ERROR_CODES)) expect(text).toContain(`\`${code}\``);
});
