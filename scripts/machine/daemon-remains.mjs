// Ending a daemon of ours and everything that belongs to it: processes, mounts, network interfaces, cgroups, folder.
// All of it is synchronous, because it must also work from a process's last moment, and none of it asks the daemon:
// the daemon may be dead. Graceful is not needed, since nothing in it outlives its owner; a graceful stop would wait
// ten seconds for each container whose first process does not listen to SIGTERM.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';

/** As the kernel shows them: 15 letters. */
const PROGRAMS = ['dockerd', 'containerd', 'containerd-shim', 'docker-proxy'];

/** @param {import('./daemon.mjs').Owned} owned */
export function removeRemains({ folder, net, bridge, cgroup }) {
  // Again and again: a killed process takes a moment, and a dying daemon may have started one more shim.
  for (let round = 0; round < 50; round += 1) {
    const pids = [...daemonsOf(folder), ...processesIn(cgroup)];
    if (pids.length === 0) break;
    for (const pid of pids) kill(pid);
    pause(20);
  }
  for (const mount of mountsUnder(folder).reverse()) spawnSync('umount', ['--lazy', mount]);
  for (const name of bridgesOf(net)) spawnSync('ip', ['link', 'delete', name]);
  if (bridge) spawnSync('ip', ['link', 'delete', bridge]);
  for (const path of cgroupFolders(cgroup)) removeCgroup(path);
  for (const socket of shimSockets(folder)) rmSync(socket, { force: true });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** When a process started, in the kernel's ticks: with the number it names a process for good. Empty: no such process. */
export function startTime(/** @type {number} */ pid) {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/**
 * The daemon, its containerd and the shims are started with a path in the folder; proxies are in the daemon's group.
 * By the program's name too, because a client or an editor may well name a path in the folder.
 */
function daemonsOf(/** @type {string} */ folder) {
  const pids = numbersIn('/proc').filter((pid) => PROGRAMS.includes(readOrEmpty(`/proc/${pid}/comm`).trim()));
  const named = new Set(pids.filter((pid) => readOrEmpty(`/proc/${pid}/cmdline`).includes(`${folder}/`)));
  return pids.filter((pid) => named.has(pid) || named.has(groupOf(pid)));
}

function groupOf(/** @type {number} */ pid) {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

function processesIn(/** @type {string} */ cgroup) {
  const lists = cgroupFolders(cgroup).flatMap((path) => [path, ...foldersBelow(path)]);
  return lists.flatMap((path) => readOrEmpty(join(path, 'cgroup.procs')).split('\n').filter(Boolean).map(Number));
}

/** One in the unified hierarchy, one per controller in the older kind. */
function cgroupFolders(/** @type {string} */ cgroup) {
  if (!cgroup || !existsSync(CGROUPS)) return [];
  const tops = [CGROUPS, ...readdirSync(CGROUPS).map((name) => join(CGROUPS, name))];
  return tops.map((top) => join(top, cgroup)).filter((path) => existsSync(path));
}

function foldersBelow(/** @type {string} */ path) {
  /** @type {string[]} */
  const found = [];
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) found.push(join(path, entry.name), ...foldersBelow(join(path, entry.name)));
  }
  return found;
}

/** A cgroup's files cannot be deleted, its folder can, from the inside out. */
function removeCgroup(/** @type {string} */ path) {
  for (const folder of [...foldersBelow(path).reverse(), path]) {
    try {
      rmdirSync(folder);
    } catch {
      // A process is still being reaped: an empty cgroup is left, which costs nothing.
    }
  }
}

/** The one thing that containerd puts elsewhere: each container's shim listens in /run, and notes where. */
function shimSockets(/** @type {string} */ folder) {
  const tasks = join(folder, 'exec/containerd/daemon/io.containerd.runtime.v2.task');
  if (!existsSync(tasks)) return [];
  const notes = foldersBelow(tasks).map((path) => readOrEmpty(join(path, 'address')));
  return notes.flatMap((note) => /^unix:\/\/(\/run\/containerd\/s\/[0-9a-f]+)$/.exec(note.trim())?.[1] ?? []);
}

function mountsUnder(/** @type {string} */ folder) {
  const targets = readOrEmpty('/proc/self/mounts')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return targets.filter((target) => target.startsWith(`${folder}/`));
}

/** Bridges the daemon made for user-defined networks: their addresses come from the pool we gave it. */
function bridgesOf(/** @type {number} */ net) {
  // Not os.networkInterfaces(): it leaves out a bridge on which nobody is left.
  const lines = String(spawnSync('ip', ['-o', '-4', 'addr', 'show']).stdout ?? '').split('\n');
  return lines.flatMap((line) => new RegExp(`^\\d+: (br-\\S+) +inet 10\\.${net}\\.`).exec(line)?.[1] ?? []);
}

function numbersIn(/** @type {string} */ folder) {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readOrEmpty(/** @type {string} */ path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function kill(/** @type {number} */ pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function pause(/** @type {number} */ milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
