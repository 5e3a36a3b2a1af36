// A container has ended, and another program has its port or address when a message is sent. That program runs as another user, so
// these tests run as root.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { array } from '@bridge/npy';
import type { Carrier } from '@bridge/transport';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Instance } from '../../src/launch/runtime.ts';
import { connect } from '../../src/model/connect.ts';
import { docker, hasEngine, routeOptions, runtime, started, untilListening } from './containers.ts';
import { engineProxy } from './engine-proxy.ts';
import { asOther, isRoot, pythonOfOther } from './other-user.ts';

const STRANGER = fileURLToPath(new URL('port-stranger.py', import.meta.url));
const DARK = array(new Uint8Array(48 * 64 * 3), { shape: [48, 64, 3] });
const idOf = ({ name }: Instance): string => name.split(' ')[1] ?? '';

/** A program that listens at an address as soon as it is free, and counts the bytes that it receives. */
function strangerAt(host: string, port: number): { line: () => Promise<string> } {
  // The other user may not read the file of this script, so it is passed as text.
  const child = asOther([pythonOfOther ?? '', '-c', readFileSync(STRANGER, 'utf8'), String(port), '2', host]);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { line: async () => String((await lines.next()).value) };
}

/** Starts a model that answers a call, and kills it when another program waits for its address. */
async function replaced(
  over: 'unix' | 'tcp',
  told: 'at once' | 'late',
): Promise<{ carrier: Carrier; line: () => Promise<string> }> {
  const proxy = await engineProxy(over);
  const docking = await runtime(proxy.env);
  const { instance } = await started(undefined, {}, docking);
  const route = await instance.route(await untilListening(instance), routeOptions);
  onTestFinished(() => route.carrier.close());
  const model = connect(route.carrier);
  expect((await model.call(DARK)).shape).toEqual([0, 6]);
  const [, port = ''] = /port (\d+), published/.exec(route.how) ?? [];
  const [, address = ''] = /own address ([\d.]+)/.exec(route.how) ?? [];
  const { line } = strangerAt(address || '127.0.0.1', Number(port || 6000));
  expect(await line()).toBe('waits');
  if (told === 'late') onTestFinished(proxy.hold());
  docker('kill', idOf(instance));
  if (address) {
    // An engine gives the address to its next container. Here this machine takes it, so that the stranger can listen at it.
    execFileSync('ip', ['addr', 'add', `${address}/32`, 'dev', 'lo']);
    onTestFinished(() => void execFileSync('ip', ['addr', 'del', `${address}/32`, 'dev', 'lo']));
  }
  expect(await line()).toBe('has it');
  return { carrier: route.carrier, line };
}

describe.skipIf(!hasEngine || !isRoot || pythonOfOther === undefined)('a container that was killed', () => {
  test.each([
    ['published port', 'at once', 'tcp'],
    ['published port', 'late', 'tcp'],
    ['own address', 'at once', 'unix'],
    ['own address', 'late', 'unix'],
  ] as const)(
    'and a stranger of another user at its %s, which is told %s: no message reaches it',
    async (_, told, over) => {
      const { carrier, line } = await replaced(over, told);
      for (let i = 0; i < 3; i++) {
        const error = await carrier.exchange([new Uint8Array(1000)]).catch((reason: unknown) => reason);
        expect(error).toMatchObject({ code: 'TRANSPORT_REFUSED', detail: { stranger: true } });
      }
      const [connections, bytes] = (await line()).split(' ');
      expect(Number(connections)).toBeGreaterThan(0);
      expect(bytes).toBe('0');
    },
  );
});
