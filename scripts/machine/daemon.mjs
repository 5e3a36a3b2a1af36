// Starts a Docker daemon in a temporary folder, with a network bridge and a cgroup of its own, so that it shares nothing with the
// system's engine or another clone's. It changes no iptables rule and no sysctl: this machine and other containers can connect to a
// container, but a container has no way to the internet. remove-daemon.mjs ends the daemon, also after a crash.

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { capture } from '../setup/child.mjs';
import { removeDaemon, startTime } from './remove-daemon.mjs';

const PREFIX = 'npbridge-docker-';
const READY_MS = 30_000;

/**
 * @typedef {{ folder: string, net: number, bridge: string, cgroup: string, owner: number, ownerStart: string }} Owned
 * everything that a daemon occupies outside of its folder, and the process that started it; the folder keeps it as owned.json
 */

/**
 * @param {(host: string) => Promise<boolean>} answers
 * @returns {Promise<{ host: string, stop(): Promise<void> } | { missing: string }>}
 */
export async function startDaemon(answers) {
  // The path of a socket has at most 107 bytes, and containerd's is 50 bytes longer than the folder's.
  const parent = tmpdir().length < 40 ? tmpdir() : '/tmp';
  const folder = mkdtempSync(join(parent, PREFIX));
  const net = await reserveBridge();
  if (net === undefined) {
    removeDaemon({ folder, net: -1, bridge: '', cgroup: '', owner: 0, ownerStart: '' });
    return { missing: 'No bridge for a Docker Engine could be made with `ip link`: this machine seems to forbid it.' };
  }
  /** @type {Owned} */
  const owned = {
    folder,
    net,
    bridge: bridgeName(net),
    cgroup: folder.slice(folder.lastIndexOf('/') + 1),
    owner: process.pid,
    ownerStart: startTime(process.pid),
  };
  writeFileSync(join(folder, 'owned.json'), JSON.stringify(owned));
  // For process.exit(). After a process that was killed, the next one sweeps.
  const lastResort = () => removeDaemon(owned);
  process.once('exit', lastResort);

  const host = `unix://${join(folder, 'docker.sock')}`;
  const log = join(folder, 'dockerd.log');
  const daemon = launch(owned, host, log);
  const stop = async () => {
    process.removeListener('exit', lastResort);
    removeDaemon(owned);
    await daemon.gone();
  };
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline && daemon.alive(); await sleep(100)) {
    if (await answers(host)) return { host, stop };
  }
  const words = readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' | ');
  await stop();
  return { missing: `A Docker Engine could not be started here: ${words}` };
}

/** @param {Owned} owned @param {string} host @param {string} log */
function launch({ folder, net, bridge, cgroup }, host, log) {
  mkdirSync(join(folder, 'etc'));
  // An empty configuration, because the default is that of the system's engine.
  writeFileSync(join(folder, 'etc', 'daemon.json'), '{}');
  const args = [
    ...['--host', host, '--config-file', join(folder, 'etc', 'daemon.json')],
    ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
    ...['--pidfile', join(folder, 'dockerd.pid')],
    // dockerd uses a containerd that already runs. These names keep our containers apart from the other engine's.
    ...['--containerd-namespace', cgroup, '--containerd-plugins-namespace', `${cgroup}-plugins`],
    ...['--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', `/${cgroup}`],
    ...['--bridge', bridge, '--default-address-pool', `base=10.${net}.128.0/17,size=24`],
    ...['--iptables=false', '--ip-forward=false', '--ip-masq=false'],
  ];
  const out = openSync(log, 'a');
  const daemon = spawn('dockerd', args, { detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  let alive = true;
  const gone = new Promise((resolve) => {
    daemon.once('error', resolve).once('exit', resolve);
  }).then(() => {
    alive = false;
  });
  // The daemon does not keep this process alive, except while `gone` is awaited.
  daemon.unref();
  return {
    alive: () => alive,
    gone: () => {
      if (alive) daemon.ref();
      return gone;
    },
  };
}

/**
 * Reserves a /16 network that no interface and no route of this machine uses, and returns its number. The bridge's name has the
 * number in it, and a bridge cannot be made with a name that is taken, so that two daemons never get the same network.
 */
async function reserveBridge() {
  const { stdout } = await capture('ip', ['-4', 'route', 'show', 'table', 'all']);
  for (let net = 213; net < 255; net += 1) {
    if (new RegExp(`\\b10\\.${net}\\.`).test(stdout)) continue;
    const name = bridgeName(net);
    if ((await capture('ip', ['link', 'add', name, 'type', 'bridge'])).code !== 0) continue;
    await capture('ip', ['addr', 'add', `10.${net}.0.1/24`, 'dev', name]);
    await capture('ip', ['link', 'set', name, 'up']);
    return net;
  }
  return undefined;
}

/** @param {number} net */
function bridgeName(net) {
  return `npbridge${net}`;
}

/** Removes the daemons, and all that belongs to them, of processes that were killed. */
export async function sweepDaemons() {
  for (const parent of new Set([tmpdir(), '/tmp'])) {
    for (const name of readdirSync(parent).filter((entry) => entry.startsWith(PREFIX))) {
      /** @type {Owned} */
      let owned;
      try {
        owned = JSON.parse(readFileSync(join(parent, name, 'owned.json'), 'utf8'));
      } catch {
        continue; // The folder is being made at this moment, or belongs to another program.
      }
      if (startTime(owned.owner) !== owned.ownerStart) removeDaemon(owned);
    }
  }
}
