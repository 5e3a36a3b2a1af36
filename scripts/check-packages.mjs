// Packs the three packages as they would be published from a clone that was never built, and holds the tarballs against what a
// user does with them: publint and attw look at them, and a fresh folder installs them and runs a program, on the oldest Node that
// is supported (the one that started npm, where it is) and on the toolchain's.

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolchain } from './setup/toolchain.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = ['npy', 'transport', 'bridge'];
const bin = (/** @type {string} */ name) => join(root, 'node_modules/.bin', name);

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    console.error(/** @type {{ stdout?: string }} */ (error).stdout ?? '');
    throw error;
  }
}

/** A user's first program. It uses the entries of the packages, and the command npbridge. */
const PROGRAM = `
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import ndarray from 'ndarray';
import { decode, encode, isNpyError, toNested } from '@bridge/npy';
import * as core from '@bridge/npy/core';
import { load, save } from '@bridge/npy/node';
import { asciiLength } from '@bridge/transport';
import { listenMemory, memory } from '@bridge/transport/memory';
import { listenTcp, tcp } from '@bridge/transport/tcp';
import { takeTurn } from '@bridge/transport/machine';
import { listenUnix, unix } from '@bridge/transport/unix';
import { connect, serve } from '@bridge/bridge';

const picture = ndarray(Uint8Array.from({ length: 12 }, (_, i) => i), [2, 2, 3]);
assert.deepEqual(toNested(decode(encode(picture))), toNested(picture));
assert.deepEqual(core.decode(encode(picture)).shape, [2, 2, 3]);
assert.throws(() => decode(new Uint8Array(3)), (error) => isNpyError(error, 'NPY_NOT_NPY'));
await save('picture.npy', picture);
assert.deepEqual((await load('picture.npy', { dtype: 'uint8' })).shape, [2, 2, 3]);
const halves = decode(encode([0.5, -2], { dtype: 'float16' }), { dtype: 'float16' });
assert.deepEqual(toNested(halves), [0.5, -2]);
assert.equal(typeof tcp, 'function');
assert.equal(typeof listenTcp, 'function');
await (await takeTurn('check-packages')).release();
const echo = async (request) => [request];
const dialect = { request: asciiLength({ width: 10 }), reply: asciiLength({ width: 10 }) };
const near = await listenMemory('near', {}, echo);
const here = await listenUnix({ path: './here.sock' }, { dialect, permissions: 0o600 }, echo);
for (const carrier of [memory(near), unix({ path: './here.sock' }, { dialect })]) {
  assert.deepEqual([...(await carrier.exchange([Uint8Array.of(1), Uint8Array.of(2)]))], [1, 2]);
  await carrier.close();
}
await Promise.all([near.close(), here.close()]);
assert.equal(asciiLength({ width: 10 }).encode([new Uint8Array(5)]).length, 2);

const listener = await serve('tcp://127.0.0.1:0', (input) => input);
const model = connect(listener.address, { dialect: { name: 'echo', request: asciiLength({ width: 10 }), reply: (await import('@bridge/bridge')).npyMessage() } });
assert.deepEqual((await model.call(picture)).shape, [2, 2, 3]);
await model.close();

const npbridge = (...args) => spawn(process.execPath, ['node_modules/.bin/npbridge', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
const dialects = ['--dialect', 'seed'];
const relay = npbridge('relay', '--from', 'tcp://127.0.0.1:0', '--to', listener.address, ...dialects);
const [address] = await once(relay.stdout, 'data');
const call = npbridge('call', String(address).trim(), 'picture.npy', 'answer.npy', ...dialects);
assert.deepEqual(await once(call, 'close'), [0, null]);
assert.deepEqual(await readFile('answer.npy'), await readFile('picture.npy'));
relay.kill('SIGTERM');
assert.deepEqual(await once(relay, 'close'), [0, null]);
await listener.close();
console.log('ok on Node', process.versions.node);
`;

/** A program for a user's compiler, which knows the libraries of a browser and no types of Node. */
const TYPED_PROGRAM = `
import { type Carrier, type Listener, uintLength } from '@bridge/transport';
import { listenMemory, memory } from '@bridge/transport/memory';
import { tcp } from '@bridge/transport/tcp';
import { unix } from '@bridge/transport/unix';

const dialect = { request: uintLength({ bytes: 4 }), reply: uintLength({ bytes: 4 }) };
export const carriers: Carrier[] = [tcp({ host: '127.0.0.1', port: 1 }, { dialect }), unix({ path: '/x' }, { dialect })];
export async function near(): Promise<[Listener, Carrier]> {
  const listener = await listenMemory('near', {}, async (request, { signal }) => (signal.aborted ? [] : [request]));
  return [listener, memory(listener)];
}
export async function once(carrier: Carrier, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await carrier.exchange([new Uint8Array(1)], { signal });
  } finally {
    await carrier.close();
  }
}
`;
const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    module: 'nodenext',
    strict: true,
    noEmit: true,
  },
  files: ['typed-program.ts'],
};

/** Folders that a build, a test or set-up makes in a clone. */
const MADE = new Set(['node_modules', 'dist', '.build', '.cache', '.git', 'out']);

/**
 * Copies the clone without anything that was built, with the installed packages.
 * @param {string} copy
 */
function copyUnbuilt(copy) {
  cpSync(root, copy, { recursive: true, filter: (source) => !MADE.has(basename(source)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const name of PACKAGES) {
    const [from, to] = [root, copy].map((each) => join(each, 'packages', name, 'node_modules'));
    // The links in it are relative, so that @bridge/npy is that of the copy.
    if (from && to && existsSync(from)) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
}

/**
 * Throws if a source in the tarball was not compiled, or if a compiled file has no source.
 * @param {string} tarball
 */
function checkCompiled(tarball) {
  const files = run('tar', ['-tzf', tarball], root).split('\n');
  const stems = (/** @type {RegExp} */ pattern) => files.flatMap((file) => pattern.exec(file)?.[1] ?? []).sort();
  const sources = stems(/^package\/src\/(.+)\.ts$/);
  if (sources.length === 0) throw new Error(`${basename(tarball)} has no source`);
  for (const compiled of [/^package\/dist\/(.+)\.js$/, /^package\/dist\/(.+)\.d\.ts$/].map(stems)) {
    const wrong = new Set(sources).symmetricDifference(new Set(compiled));
    if (wrong.size > 0) throw new Error(`${basename(tarball)}: not both in src and in dist: ${[...wrong].join(', ')}`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'bridge-packages-'));
try {
  const [tarballs, byNpm, project, clone] = /** @type {[string, string, string, string]} */ (
    ['tarballs', 'by-npm', 'project', 'clone'].map((each) => join(folder, each))
  );
  for (const each of [tarballs, byNpm, project]) mkdirSync(each);
  // Set-up is done before the copy is made: the copy shares the installed packages, and must not install any.
  await toolchain();
  copyUnbuilt(clone);
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const transport = join(clone, 'packages', 'transport');
  run('npm', ['pack', '--silent', '--pack-destination', byNpm], transport);
  for (const file of readdirSync(byNpm)) checkCompiled(join(byNpm, file));
  // The next build has to notice that dist is gone, and that one file in it has no source.
  rmSync(join(transport, 'dist'), { recursive: true });
  mkdirSync(join(transport, 'dist'));
  writeFileSync(join(transport, 'dist', 'moved.js'), '');
  for (const name of PACKAGES) {
    // pnpm replaces `catalog:` and `workspace:` in the manifest by versions. npm does not.
    run('npx', ['--yes', packageManager, 'pack', '--pack-destination', tarballs], join(clone, 'packages', name));
  }
  const files = readdirSync(tarballs).map((file) => join(tarballs, file));
  for (const file of files) {
    checkCompiled(file);
    run(bin('publint'), [file, '--strict'], root);
    run(bin('attw'), [file, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji'], root);
    console.log(`${basename(file)}: complete, publint and attw find nothing`);
  }
  // Each package finds the others among the tarballs, not in a registry.
  const dependencies = Object.fromEntries(
    PACKAGES.map((name) => [`@bridge/${name}`, `file:${files.find((file) => file.includes(`bridge-${name}-`))}`]),
  );
  const manifest = { name: 'user', private: true, type: 'module', dependencies: { ...dependencies, ndarray: '*' } };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ ...manifest, overrides: dependencies }));
  writeFileSync(join(project, 'program.mjs'), PROGRAM);
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], project);
  const nodes = new Set([process.execPath, process.env.npm_node_execpath ?? process.execPath]);
  for (const node of nodes) console.log(run(node, ['program.mjs'], project).trim());
  writeFileSync(join(project, 'typed-program.ts'), TYPED_PROGRAM);
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  run(bin('tsc'), ['-p', '.'], project);
  console.log('the declarations compile with lib es2022 and dom alone');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
