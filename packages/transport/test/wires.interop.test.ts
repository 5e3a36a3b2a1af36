// Python programs speak wire formats that are common in practice, with this package as caller and as listener, on persistent
// connections and on one for each message: greetings, weights first, acknowledgements, JSON lines, raw bytes, pictures behind a
// length.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenTcp, tcp } from '../src/carriers/tcp/tcp.ts';
import { delimited } from '../src/framing/delimited.ts';
import type { SocketDialect } from '../src/framing/dialect/dialect.ts';
import type { Token } from '../src/framing/dialect/token.ts';
import { fixedLength } from '../src/framing/fixed-length.ts';
import { noReply } from '../src/framing/no-reply.ts';
import { uintLength } from '../src/framing/uint-length.ts';

const python = process.env['BRIDGE_PYTHON'];
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const weights = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, ...Array.from({ length: 200 }, (_, i) => i), 0xff, 0xd9);
const token = (from: Token['from'], text: string, more: Partial<Token> = {}): Token => ({
  from,
  message: [ascii(text)],
  ...more,
});
const four = uintLength({ bytes: 4 });
const line = delimited({ end: '\n' });
const plain: SocketDialect = { request: four, reply: four };

interface Wire {
  readonly dialect: SocketDialect;
  readonly messages: Uint8Array[];
  readonly answer: (request: Uint8Array) => Uint8Array;
}

const message = (n: number): Uint8Array => Uint8Array.from({ length: 1000 * (n + 1) }, (_, i) => (n + i) % 256);
const reversed = (bytes: Uint8Array): Uint8Array => bytes.slice().reverse();
const usual = { messages: [0, 1, 2, 3].map(message), answer: reversed };

const wires: Record<string, Wire> = {
  greeting: { dialect: { ...plain, opening: [token('listener', 'READY', { framing: line })] }, ...usual },
  weights: {
    dialect: { ...plain, opening: [{ from: 'listener', message: [weights], framing: four, maxBytes: 1_000_000 }] },
    ...usual,
  },
  hello: {
    dialect: { ...plain, opening: [token('caller', 'HELLO 1\n'), token('listener', 'WELCOME\n')] },
    ...usual,
  },
  acknowledged: {
    dialect: { ...plain, exchange: ['request', token('listener', 'OK'), 'reply', token('caller', 'THX')] },
    ...usual,
  },
  go: { dialect: { ...plain, exchange: [token('listener', 'GO'), 'request', 'reply'] }, ...usual },
  'only-acknowledged': {
    dialect: { request: four, reply: noReply(), exchange: ['request', token('listener', 'OK')] },
    messages: usual.messages,
    answer: () => new Uint8Array(0),
  },
  json: {
    dialect: { request: line, reply: line },
    messages: [0, 1, 2, 3].map((n) => ascii(JSON.stringify({ n }))),
    answer: (request) => ascii(`{"twice": ${2 * JSON.parse(new TextDecoder().decode(request)).n}}`),
  },
  raw: {
    dialect: { request: fixedLength({ bytes: 4 * 6 * 3 }), reply: fixedLength({ bytes: 4 * 6 * 3 }) },
    messages: [0, 1, 2, 3].map((n) => Uint8Array.from({ length: 72 }, (_, i) => n + i)),
    answer: reversed,
  },
  jpeg: {
    dialect: { request: uintLength({ bytes: 8, endian: 'little' }), reply: four },
    messages: [jpeg, jpeg, jpeg, jpeg],
    answer: reversed,
  },
};

function start(role: 'serve' | 'call', kind: string, port: number, kept: boolean): ChildProcess {
  const script = fileURLToPath(new URL('peers/wires.py', import.meta.url));
  const child = spawn(python ?? '', [script, role, kind, String(port), kept ? '1' : '4', kept ? '1' : '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** Resolves with the first line of the child's output that begins with `word`. */
function heard(child: ChildProcess, word: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += chunk;
      const found = said
        .split('\n')
        .slice(0, -1)
        .find((each) => each.startsWith(word));
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`it ended without '${word}': ${said}`)));
  });
}

describe.skipIf(!python)('against Python', () => {
  describe.each(Object.keys(wires))('%s', (kind) => {
    const { dialect, messages, answer } = wires[kind] as Wire;
    test.each([
      ['kept', true],
      ['one a message', false],
    ])('called from here, connections %s', async (_, kept) => {
      const child = start('serve', kind, 0, kept);
      const [, port] = (await heard(child, 'waiting')).split(' ');
      const options = { dialect: { ...dialect, connection: kept ? 'persistent' : 'message' } } as const;
      const carrier = tcp({ host: '127.0.0.1', port: Number(port) }, options);
      for (const each of messages) {
        // This message is sent in two parts.
        const reply = await carrier.exchange([each.subarray(0, 10), each.subarray(10)]);
        expect(Buffer.compare(reply, answer(each))).toBe(0);
      }
      // The listener for `exit` is added before close(), because the peer may exit while close() runs.
      const ended = once(child, 'exit');
      await carrier.close();
      expect(await ended).toEqual([0, null]);
    });

    test.each([
      ['kept', true],
      ['one a message', false],
    ])('answered here, connections %s', async (_, kept) => {
      const errors: unknown[] = [];
      const seen: Uint8Array[] = [];
      // A listener that closes the connection after its reply would not read the caller's THX.
      const connection = kept || kind === 'acknowledged' ? 'persistent' : 'message';
      const listener = await listenTcp(
        { host: '127.0.0.1', port: 0 },
        {
          dialect: { ...dialect, connection },
          onError: (error) => errors.push(error),
        },
        async (request) => {
          seen.push(request);
          return [answer(request)];
        },
      );
      const child = start('call', kind, Number(new URL(listener.address).port), kept);
      expect(await once(child, 'exit')).toEqual([0, null]);
      await listener.close();
      expect(errors).toEqual([]);
      expect(seen).toHaveLength(4);
    });
  });
});
