// A model puts random files into its lane's folder, before its host connects and afterwards.
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { openLane } from '../../src/lane/lane.ts';
import type { Random } from '../faults/random.ts';
import { ENOUGH, type Kind, outcomeOf } from './campaign.ts';
import { callBy, hostileLane, MESSAGE } from './lane-frames.ts';
import { someBytes } from './peer.ts';

const SECRET = 'nobody is to read this, and nobody to write to it';
const NAMES = ['', '.declined', '.declined', '.new', '.request-1', '.reply-1', '.request-2', '.reply-2'];

export async function laneFolders(): Promise<Kind> {
  const all = mkdtempSync('/dev/shm/npbridge-folders-');
  const secret = join(all, 'secret');
  writeFileSync(secret, SECRET);
  let pipes = 0;
  let number = 0;
  const pipe = (path: string): void => {
    // One call of mkfifo makes many pipes, because starting it takes longer than a case.
    if (pipes === 0) {
      pipes = 200;
      execFileSync(
        'mkfifo',
        Array.from({ length: pipes }, (_, i) => join(all, `pipe-${i + 1}`)),
      );
    }
    renameSync(join(all, `pipe-${pipes--}`), path);
  };
  const put = (random: Random, path: string): void => {
    const kinds: readonly (readonly [number, () => void])[] = [
      [3, () => writeFileSync(path, someBytes(random, 100))],
      [1, () => writeFileSync(path, Buffer.alloc(random.int(65_000, 66_000), 'x'))],
      [
        1,
        () => {
          writeFileSync(path, MESSAGE);
          truncateSync(path, 10 ** 12);
        },
      ],
      [2, () => pipe(path)],
      [1, () => mkdirSync(join(path, 'more'), { recursive: true })],
      [3, () => symlinkSync(secret, path)],
      [1, () => linkSync(secret, path)],
      [1, () => symlinkSync('/dev/zero', path)],
      [1, () => symlinkSync(path, path)],
      [1, () => symlinkSync('/no/such/file', path)],
      [2, () => rmSync(path, { recursive: true, force: true })],
    ];
    rmSync(path, { recursive: true, force: true });
    random.weighted(kinds)();
  };
  return {
    async run(random) {
      const folder = join(all, String(number++));
      mkdirSync(folder);
      const path = join(folder, 'lane.sock');
      await using _ = random.chance(0.6)
        ? await hostileLane(
            path,
            () => random,
            (_random, request) => {
              const slot = request[1] ?? 0;
              if (random.chance(0.5)) put(random, `${path}.${random.chance(0.7) ? 'reply' : 'request'}-${slot}`);
              else if (slot > 0 && random.chance(0.7)) {
                const file = `${path}.reply-${slot}`;
                writeFileSync(file, MESSAGE.subarray(0, random.int(0, MESSAGE.length)), { flag: 'r+' });
                if (random.chance(0.3)) truncateSync(file, random.int(0, 10 ** 9));
              }
            },
          )
        : undefined;
      for (let files = random.int(0, 4); files > 0; files--) {
        const name = NAMES[random.int(_ ? 1 : 0, NAMES.length - 1)] ?? '';
        put(random, `${path}${name}`);
      }
      let came: readonly string[];
      if (random.chance(0.5)) came = await callBy(path, random);
      else {
        const enough = new AbortController();
        const timer = setTimeout(() => enough.abort(ENOUGH), 30);
        const opening = openLane(path, { dialect: dialects.seed, signal: enough.signal });
        came = [
          await outcomeOf(
            opening.then(async (carrier) => {
              // The host closes this lane when the model opens its next one.
              const asked = carrier
                .exchange([MESSAGE], { signal: AbortSignal.timeout(500) })
                .catch((error: unknown) => {
                  if ((error as Error).name !== 'TimeoutError') throw error;
                });
              await asked.finally(() => carrier.close());
            }),
          ),
        ];
        clearTimeout(timer);
      }
      if (readFileSync(secret, 'utf8') !== SECRET) came = [...came, 'wrong: the secret was written to'];
      rmSync(folder, { recursive: true, force: true });
      return came;
    },
    async [Symbol.asyncDispose]() {
      rmSync(all, { recursive: true, force: true });
    },
  };
}
