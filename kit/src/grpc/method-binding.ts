import type { CallRegister } from './call-register';
import type { CallObserver } from './call-observer';

/** What the three kinds of call need to serve a method. */
export interface MethodBinding {
  /** `emitter.v1.Destroyer/ListTargets` */
  readonly method: string;
  readonly serialize: (response: unknown) => Buffer;
  readonly calls: CallRegister;
  readonly observer: CallObserver;
  readonly slowConsumerMs: number;
}
