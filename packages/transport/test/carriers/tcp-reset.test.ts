// A peer in another process accepts and resets at once, so the reset may arrive before Node reports the connection. It does not
// prove that the peer has seen nothing, so the carrier must not connect again.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { tcp } from '../../src/carriers/tcp/tcp.ts';
import { provesUnseen, TransportError } from '../../src/errors/transport-error.ts';
import { asciiLength } from '../../src/framing/ascii-length.ts';
import { untilClose } from '../../src/framing/until-close.ts';

const EXCHANGES = 300;

test.each(['127.0.0.1', 'localhost'])(
  '%s: each message is one connection, which was closed before its reply',
  async (host) => {
    const peer = fork(fileURLToPath(new URL('./resetting-peer.mjs', import.meta.url)));
    onTestFinished(() => void peer.kill());
    const [port] = (await once(peer, 'message')) as [number];
    const dialect = { request: asciiLength({ width: 10 }), reply: untilClose() };
    await using carrier = tcp({ host, port }, { dialect });
    const told = new Map<string, number>();
    for (let i = 0; i < EXCHANGES; i++) {
      const error = await carrier.exchange([new Uint8Array(i % 2 ? 10 : 300_000)]).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TransportError);
      const { code, detail } = error as TransportError;
      const what = `${code}, reset: ${'reset' in detail && detail.reset}, unseen: ${provesUnseen(error)}`;
      told.set(what, (told.get(what) ?? 0) + 1);
    }
    expect(Object.fromEntries(told)).toEqual({
      'TRANSPORT_CLOSED_BEFORE_REPLY, reset: true, unseen: false': EXCHANGES,
    });
    peer.send('how many?');
    expect(await once(peer, 'message')).toEqual([EXCHANGES, undefined]);
  },
);
