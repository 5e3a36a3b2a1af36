// This file imports every entry of the package. Every compiler of scripts/check-compilers.mjs compiles this file with the types of
// a browser alone.
import * as transport from '@bridge/transport';
import * as turns from '@bridge/transport/machine';
import * as memory from '@bridge/transport/memory';
import * as tcp from '@bridge/transport/tcp';
import * as unix from '@bridge/transport/unix';

export const entries: readonly object[] = [transport, memory, tcp, turns, unix];
