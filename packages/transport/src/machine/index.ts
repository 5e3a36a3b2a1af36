// @bridge/transport/turns: how processes of one user keep out of each other's way at a peer that takes one at a time.
export { type ListeningSocket, listenersIn, listenersOf } from './ports/listeners.ts';
export { isLoopback, listening } from './ports/listening.ts';
export { type Turn, type TurnHolder, type TurnOptions, takeTurn } from './turns/turn.ts';
