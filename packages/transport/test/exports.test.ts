// The values that users import from each entry of the package. A name that comes or goes shows here first; types are in etc/.
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

// ./internal is for the other packages of this repository, and promises nothing.
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
        "messageBytes",
        "noReply",
        "openCarrier",
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
