// @bridge/transport/machine: how processes of one user on one machine take turns at a peer that takes one message at a time, and who
// listens on a port of the machine.

// Turns.

export { type Turn, type TurnHolder, type TurnOptions, takeTurn } from './turns/turn.ts';

// Ports.

export { type ListeningSocket, listenersIn, listenersOf } from './ports/listeners.ts';
export { isLoopback, listening } from './ports/listening.ts';
