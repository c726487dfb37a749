export { callUnary, type UnaryMethod } from './call-unary';
export type { CallSettings } from './call-options';
export { connect, type ClientConstructor, type ConnectOptions } from './connect';
export { openBidi, openServerStream, type BidiCall, type BidiMethod, type ServerStreamMethod } from './open-stream';
