// The values that each entry of the package exports. This test fails when a name is added or removed; etc/ has the types.
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

// ./internal is for the other packages of this repository, and its names may change at any time.
const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith('.json') && entry !== './internal');

test('@bridge/transport', async () => {
  const names: Record<string, string[]> = {};
  for (const entry of entries) names[entry] = Object.keys(await import(`@bridge/transport${entry.slice(1)}`)).sort();
  expect(names).toMatchInlineSnapshot(`
    {
      ".": [
        "FrameAssembler",
        "TransportError",
        "asciiLength",
        "checkDialect",
        "decimalLength",
        "defaultFrameLimits",
        "delimited",
        "describeValue",
        "fixedLength",
        "isTransportError",
        "joinMessage",
        "makeCarrier",
        "messageBytes",
        "noReply",
        "provesUnseen",
        "resolveFrameLimits",
        "resolveReplyLimits",
        "uintLength",
        "untilClose",
      ],
      "./machine": [
        "isLoopback",
        "listenersIn",
        "listenersOf",
        "listening",
        "listeningAtPath",
        "takeTurn",
      ],
      "./memory": [
        "listenMemory",
        "memory",
      ],
      "./tcp": [
        "ReplyPace",
        "listenTcp",
        "tcp",
      ],
      "./unix": [
        "listenUnix",
        "unix",
      ],
    }
  `);
});
