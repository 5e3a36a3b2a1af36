// The values that each entry of the package exports. This test fails when a name is added or removed; etc/ has the types.
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith('.json'));

test('@bridge/bridge', async () => {
  const names: Record<string, string[]> = {};
  for (const entry of entries) names[entry] = Object.keys(await import(`@bridge/bridge${entry.slice(1)}`)).sort();
  expect(names).toMatchInlineSnapshot(`
    {
      ".": [
        "BridgeError",
        "array",
        "asciiLength",
        "codecs",
        "connect",
        "decimalLength",
        "delimited",
        "dialects",
        "dtypeOf",
        "fixedLength",
        "hasDType",
        "headedMessage",
        "isBridgeError",
        "isNpyError",
        "isTransportError",
        "launch",
        "makeCarrier",
        "noReply",
        "npyMessage",
        "relay",
        "serve",
        "toNested",
        "uintLength",
        "untilClose",
      ],
      "./launch": [
        "dockerRuntime",
        "launch",
      ],
      "./otel": [
        "traceCalls",
      ],
    }
  `);
});
