// The subcommands of npbridge, with one entry each. The code of a subcommand is loaded when it is used.
import type { Row } from './subcommand.ts';

export const SUBCOMMANDS: Readonly<Record<string, Row>> = {
  call: {
    summary: 'send one array from a file to a model, and write its answer to another file',
    load: async () => (await import('./commands/call.ts')).call,
  },
  relay: {
    summary: 'forward whole messages from hosts to a model, as a process of its own between them',
    load: async () => (await import('./commands/relay.ts')).relay,
  },
  health: {
    summary: 'say whether the relays of this machine listen, without a connection',
    load: async () => (await import('./commands/health.ts')).health,
  },
  completion: {
    summary: 'print the script with which a shell completes command lines of npbridge',
    load: async () => (await import('./commands/completion.ts')).completionOf(SUBCOMMANDS),
  },
};
