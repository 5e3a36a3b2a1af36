// npbridge relay: the process of its own between hosts and a model.
import { quoted } from '../../errors/quoted.ts';
import { relay as openRelay } from '../../fronts/relay.ts';
import type { Stats } from '../../observe/ledger.ts';
import { DIALECTS, dialectOf } from '../options/dialect-option.ts';
import { LIMITS, limitsOf } from '../options/limits-option.ts';
import { SCHEMA, schemaOf } from '../options/schema-option.ts';
import { stopping } from '../stopping/stopping.ts';
import { EXIT, given, numberOf, parse, required, type Subcommand, UsageError } from '../subcommand.ts';

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string', multiple: true },
  dialect: { type: 'string' },
  'host-dialect': { type: 'string' },
  input: { type: 'string' },
  'in-flight': { type: 'string' },
  'queue-limit': { type: 'string' },
  'wedged-ms': { type: 'string' },
  'retry-ms': { type: 'string' },
  ...LIMITS,
  'max-held-bytes': { type: 'string' },
  'max-connections': { type: 'string' },
  'first-byte-ms': { type: 'string' },
  'message-ms': { type: 'string' },
  'take-ms': { type: 'string' },
  'idle-ms': { type: 'string' },
  'close-ms': { type: 'string' },
  permissions: { type: 'string' },
} as const;

export const relay: Subcommand = {
  usage: `relay --from ADDRESS --to ADDRESS

Listens at one address and has every whole message answered by the model at the other, one after the other: half a message
goes nowhere, whatever becomes of its host. Addresses are tcp://host:port, unix:///path and unix:@name; --from tcp://host:0
takes any free port. When it listens it prints the address that it has. What is not answered is told on stderr.

SIGINT, SIGTERM or SIGHUP: it takes no more, answers what came whole, and ends; a second one ends it at once.

  --to ADDRESS              again for each of several equal models
  --dialect NAME            what the model speaks: ${DIALECTS}
                            (default: seed)
  --host-dialect NAME       what the hosts speak (default: the same)
  --input SCHEMA            refuses messages that are something else: ${SCHEMA}
  --in-flight 1|2           2: the next message lies in the model's backlog while it works (default: 1)
  --queue-limit N           messages that may wait (default: 128)
  --wedged-ms MS            silence after which a model that has a message counts as wedged (default: 120000)
  --retry-ms MS             how long messages wait for a model that cannot be reached (default: 1000)
  --max-message-bytes N     of one message, and of one reply (default: 1 GiB)
  --max-held-bytes N        of all messages in memory (default: twice that, 64 MiB at least)
  --max-connections N       of hosts, at once; one more takes the place of one that does nothing (default: 256)
  --first-byte-ms MS        from a connection to its first byte (default: 10000)
  --stall-ms MS             a message or reply that began has to come on, or end, in each such time (default: 10000)
  --stall-bytes N           by so many bytes (default: 1024)
  --message-ms MS           from a message's first byte to its last (default: 1800000)
  --take-ms MS              of a reply some has to be taken in each such time (default: 60000)
  --idle-ms MS              between two messages of a kept connection (default: 3600000)
  --close-ms MS             how long the end may take (default: 10000)
  --permissions OCTAL       of a Unix socket's file (default: what the umask leaves)`,

  async run(args) {
    const { values } = parse(args, OPTIONS, []);
    const from = required('--from', values.from);
    const to = values.to ?? [];
    required('--to', to[0]);
    const number = (name: Exclude<keyof typeof OPTIONS, 'to'>): number | undefined =>
      numberOf(`--${name}`, values[name]);
    const dialect = dialectOf('--dialect', values.dialect);
    const hostDialect = dialectOf('--host-dialect', values['host-dialect']);
    const input = schemaOf('--input', values.input);
    const permissions = permissionsOf(values.permissions);
    const limits = limitsOf(values);
    using stop = stopping();
    const relayed = await openRelay(
      from,
      to,
      given({
        dialect,
        input,
        // Another number is refused there.
        inFlight: number('in-flight') as 1 | 2 | undefined,
        queueLimit: number('queue-limit'),
        wedgedMs: number('wedged-ms'),
        retryMs: number('retry-ms'),
        limits,
        hosts: given({
          dialect: hostDialect,
          permissions,
          limits: given({
            ...limits,
            maxHeldBytes: number('max-held-bytes'),
            maxConnections: number('max-connections'),
            firstByteMs: number('first-byte-ms'),
            messageMs: number('message-ms'),
            takeMs: number('take-ms'),
            idleMs: number('idle-ms'),
            closeMs: number('close-ms'),
          }),
        }),
      }),
    );
    console.log(quoted(relayed.address));
    await new Promise<void>((resolve) => {
      if (stop.signal.aborted) resolve();
      stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await relayed.close();
    console.error(quoted(account(relayed.stats)));
    return EXIT.done;
  },
};

/** @throws UsageError */
function permissionsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[0-7]{3,4}$/.test(text)) return Number.parseInt(text, 8);
  throw new UsageError(`--permissions ${JSON.stringify(text)}: expected octal digits, such as 600`);
}

function account({ calls, answered, failures }: Stats): string {
  const codes = Object.entries(failures).map(([code, count]) => `${code} ${count}`);
  return `${calls} messages, ${answered} answered${codes.length > 0 ? `; ${codes.join(', ')}` : ''}`;
}
