// Models that are root in their containers attack their host by the folder and the lane that both share. A model may end itself.
// The host keeps running, reads no file that it should not read, leaks nothing, and gives each caller an answer or an error with a
// code.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { array } from '@bridge/npy';
import { isTransportError } from '@bridge/transport';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { isBridgeError } from '../../src/errors/bridge-error.ts';
import { type Launched, type LaunchSpec, launch } from '../../src/launch/index.ts';
import { isLaunchOfThisProcess } from '../../src/launch/leftovers/launch-name.ts';
import { roundsDuring } from '../lane/hostile-model.ts';
import { hasEngine, image, runtime } from './containers.ts';
import { folders } from './launching.ts';

const HOSTILE = fileURLToPath(new URL('hostile.py', import.meta.url));
const SECRET = 'the only line of a file that no model is to have read by its host';
/** A frame that goes through shared memory, or by the socket if the model reads quickly. */
const FRAME = array(new Uint8Array(3_000_000).fill(7));
const CALLS = 12;

/** Returns the folders of this process's launches. Other test files have launches at the same time. */
const ownFolders = (): string[] => folders().filter(isLaunchOfThisProcess);
const descriptors = (): number => readdirSync('/proc/self/fd').length;

async function hostile(way: string, spec: Partial<LaunchSpec> = {}): Promise<Launched> {
  const folder = temporaryFolder('/dev/shm');
  writeFileSync(join(folder, 'secret'), SECRET);
  const launched = await launch({
    image,
    command: ['python3', '-u', '/model/hostile.py', way],
    mounts: [
      { source: HOSTILE, target: '/model/hostile.py' },
      { source: folder, target: '/seen', readOnly: false },
    ],
    port: 6000,
    name: 'hostile',
    graceMs: 0,
    maxRestarts: 50,
    runtime: await runtime(),
    ...spec,
  } as LaunchSpec);
  onTestFinished(() => launched.stop());
  return launched;
}

const text = (of: Launched): string =>
  of.logs
    .tail(2000)
    .map((line) => line.text)
    .join('\n');

/** Resolves with the outcome of each call: 'answered', or a code. */
async function outcomes(launched: Launched, calls = CALLS): Promise<string[]> {
  await using model = launched.connect({ wedgedMs: 1500 });
  const all: string[] = [];
  for (let i = 0; i < calls; i++) {
    all.push(
      await model.call(FRAME, { timeoutMs: 20_000, dtype: 'uint8' }).then(
        (reply) => (reply.size === FRAME.size && reply.get(5) === 7 ? 'answered' : 'wrong'),
        (error: unknown) => (isTransportError(error) || isBridgeError(error) ? error.code : String(error)),
      ),
    );
  }
  return all;
}

const OUTCOMES = /^(answered|TRANSPORT_(CLOSED_BEFORE_REPLY|CLOSED_INSIDE_REPLY|BAD_FRAME)|BRIDGE_(WEDGED|BAD_REPLY))$/;

interface Case {
  readonly way: string;
  readonly spec?: Partial<LaunchSpec>;
  /** The outcome of the last call. By default any call may be the one that is answered. */
  readonly last?: RegExp;
  readonly said?: RegExp;
}

const CASES: readonly (readonly [what: string, Case])[] = [
  ['ends its lane behind each message', { way: 'quits' }],
  [
    'changes its note for a pipe, a device, a link, a folder, a socket, and 2^40 bytes, all the time',
    { way: 'churn_note' },
  ],
  ['changes its socket in the same way', { way: 'churn_socket' }],
  ['has a note that grows while it is read', { way: 'growing_note' }],
  ['puts something else in the place of each reply', { way: 'swapped_reply' }],
  [
    'cuts each reply while it is read',
    { way: 'shrinking_reply', last: /^(answered|TRANSPORT_BAD_FRAME|BRIDGE_BAD_REPLY)$/ },
  ],
  ['answers in a file of 2^40 bytes that holds 128', { way: 'sparse_reply' }],
  ['spoils whatever is lent to it', { way: 'spoilt_requests' }],
  ['makes 100 000 files of names with newlines and escapes', { way: 'many_files', said: /^made$/m }],
  ['makes folders 400 levels deep', { way: 'deep_folders' }],
  ['shuts its folder, and gives it away', { way: 'shut_folder' }],
  ['removes all that is there', { way: 'moved_folder' }],
  [
    'says that another host has it',
    { way: 'busy', said: /the port is called instead: the lane's socket cannot be used/ },
  ],
  ['says nothing to a host that comes back', { way: 'mute', last: OUTCOMES }],
  [
    'leaves its lane without a note',
    { way: 'gone', said: /the port is called instead: the lane's socket cannot be used/ },
  ],
  [
    "gives a second name to a file of its host's",
    { way: 'linked', said: /linked: (Invalid cross-device link|Operation not permitted)/ },
  ],
];

describe.skipIf(!hasEngine)('a model in a container that', () => {
  test.each(CASES)('%s', async (_, { way, spec, last, said }) => {
    const launched = await hostile(way, spec);
    let all: string[] = [];
    const rounds = await roundsDuring(async () => {
      all = await outcomes(launched);
      await launched.stop();
    });
    expect(all.filter((each) => !OUTCOMES.test(each))).toEqual([]);
    if (last) expect(all.at(-1)).toMatch(last);
    else expect(all).toContain('answered');
    if (said) expect(text(launched)).toMatch(said);
    expect(text(launched)).not.toContain(SECRET);
    expect(text(launched)).not.toContain('it could');
    expect(rounds).toBeGreaterThan(100);
    expect(ownFolders()).toEqual([]);
  });

  test('sends descriptors along: none of them stays', async () => {
    const launched = await hostile('descriptors');
    await outcomes(launched, 1);
    const before = descriptors();
    expect(new Set(await outcomes(launched))).toEqual(new Set(['answered']));
    expect(descriptors() - before).toBeLessThan(50);
  });

  test('fills all the room that it has: what it took is given back', async () => {
    const launched = await hostile('filling', { memory: '96m' });
    const all = await outcomes(launched, 6);
    expect(all.filter((each) => !OUTCOMES.test(each))).toEqual([]);
    await launched.stop();
    expect(ownFolders()).toEqual([]);
  });
});
