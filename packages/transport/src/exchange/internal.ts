// @bridge/transport/internal: for the other packages of this repository alone. Any of these names may change in any version, and they are
// not documented for programs.

export { nearestName } from '../errors/nearest-name.ts';
export { retold } from '../errors/transport-error.ts';
export type { Guarded, OneSided } from '../errors/type-guards.ts';
export { withAddress } from '../errors/with-address.ts';
export { checkMessage } from '../framing/message.ts';
export { Exchange, type ExchangeOwner } from './exchange.ts';
export { SHOWN_BYTES } from './first-bytes.ts';
export { LONGEST_MS, Timer } from './long-timer.ts';
export { lostError } from './reply-errors.ts';
export { endlessBytes } from './reply-limits.ts';
export { unlessAborted } from './unless-aborted.ts';
