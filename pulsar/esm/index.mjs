// The same module for `import`: named exports, and the whole as default, as `import Pulsar from 'pulsar-client'` gives it.
import pulsar from '../dist/index.js';

export const {
  AuthenticationTls,
  AuthenticationToken,
  Client,
  Consumer,
  ERROR_CODES,
  LogLevel,
  Message,
  MessageId,
  Producer,
  PulsarError,
  Reader,
} = pulsar;
export default pulsar;
