// Ends a daemon of daemon.mjs and removes everything that belongs to it: processes, mounts, network interfaces, cgroups, its folder.
// All of it is synchronous, because it also runs while a process exits, and nothing asks the daemon, which may be dead. The processes
// are killed: their data is removed with them, and a graceful stop would wait ten seconds for each container that ignores SIGTERM.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';

/** Names as the kernel shows them, of at most 15 characters. */
const PROGRAMS = ['dockerd', 'containerd', 'containerd-shim', 'docker-proxy'];

/** @param {import('./daemon.mjs').Owned} owned what the daemon occupies */
export function removeDaemon({ folder, net, bridge, cgroup }) {
  // Repeated, because a killed process takes a moment to end, and the daemon may have started another shim before it ended.
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

/** Returns when a process started, in the kernel's ticks, which together with its number identifies it; empty if it does not exist. */
export function startTime(/** @type {number} */ pid) {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/**
 * Returns the daemon, its containerd and shims, whose command lines have a path in the folder, and the proxies, which are in the
 * daemon's process group. Other programs are left out: a client or an editor may have such a path in its command line, too.
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

/** Returns one folder with cgroups of version 2, and one for each controller with version 1. */
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

/** Removes the folders of a cgroup, the innermost first. The kernel removes the files in them. */
function removeCgroup(/** @type {string} */ path) {
  for (const folder of [...foldersBelow(path).reverse(), path]) {
    try {
      rmdirSync(folder);
    } catch {
      // A process of it has not quite ended. An empty cgroup is left, which costs nothing.
    }
  }
}

/** Returns the sockets of the containers' shims, which containerd puts in /run, outside of the folder. The shims keep their paths. */
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

/** Returns the bridges of user-defined networks. The daemon takes their addresses from the pool that it was given. */
function bridgesOf(/** @type {number} */ net) {
  // os.networkInterfaces() leaves out a bridge without containers.
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
    // The process has ended.
  }
}

function pause(/** @type {number} */ milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
