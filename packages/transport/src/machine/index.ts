// @bridge/transport/machine: turns, which are locks by which the processes of one user on one machine call a peer one at a time, and the
// sockets that listen on a port or at a path of the machine.

// Turns.

export { type Turn, type TurnHolder, type TurnOptions, takeTurn } from './turns/turn.ts';

// Ports and Unix sockets.

export { type ListeningSocket, listenersIn, listenersOf } from './ports/listeners.ts';
export { isLoopback, listening } from './ports/listening.ts';
export { listeningAtPath } from './socket-files/listening-at-path.ts';
