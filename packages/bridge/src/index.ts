// @bridge/bridge: call an unmodified Python model from TypeScript, or be called by one.
export { type ConnectOptions, connect } from './connect.ts';
export { type Dialect, dialects } from './dialects.ts';
export { BridgeError, type BridgeErrorCode, type BridgeFault, isBridgeError } from './errors.ts';
export { npyMessage } from './framing/npy-message.ts';
export type { CallOptions, Model } from './model.ts';
export { type ArrayHandler, type ServeContext, type ServeOptions, serve } from './serve.ts';
