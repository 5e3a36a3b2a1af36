// @bridge/transport/internal: what other packages of this repository share with this one. For them alone: any of it may change in any
// version, and nothing here is documented for programs.

export { nearestName } from '../errors/nearest-name.ts';
export { retold } from '../errors/transport-error.ts';
export type { Guarded, OneSided } from '../errors/type-guards.ts';
export { withAddress } from '../errors/with-address.ts';
export { Exchange, type ExchangeOwner } from './exchange.ts';
export { lostError } from './lost.ts';
