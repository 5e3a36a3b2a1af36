// A Docker daemon of our own: started in one temporary folder, on one bridge and one cgroup of its own, so that it
// meets neither the system's engine nor another clone's. It touches no iptables rule and no sysctl: a container is
// reached from this machine and from its neighbours, but does not reach the outside. How it is ended, also after a
// crash, is in daemon-remains.mjs.

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { capture } from '../setup/child.mjs';
import { removeRemains, startTime } from './daemon-remains.mjs';

const PREFIX = 'npbridge-docker-';
const READY_MS = 30_000;

/**
 * @typedef {{ folder: string, net: number, bridge: string, cgroup: string, owner: number, ownerStart: string }} Owned
 * everything a daemon occupies outside its own folder, and who is responsible for it; kept in the folder as owned.json
 */

/**
 * @param {(host: string) => Promise<boolean>} answers
 * @returns {Promise<{ host: string, stop(): Promise<void> } | { missing: string }>}
 */
export async function startDaemon(answers) {
  // Socket names are limited to 107 bytes, and containerd's is 50 below the folder.
  const parent = tmpdir().length < 40 ? tmpdir() : '/tmp';
  const folder = mkdtempSync(join(parent, PREFIX));
  const net = await reserveBridge();
  if (net === undefined) {
    removeRemains({ folder, net: -1, bridge: '', cgroup: '', owner: 0, ownerStart: '' });
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
  // Covers process.exit; a killed owner is covered by the next one's sweep.
  const lastResort = () => removeRemains(owned);
  process.once('exit', lastResort);

  const host = `unix://${join(folder, 'docker.sock')}`;
  const log = join(folder, 'dockerd.log');
  const daemon = launch(owned, host, log);
  const stop = async () => {
    process.removeListener('exit', lastResort);
    removeRemains(owned);
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
  // An empty configuration, so that the system engine's own does not apply.
  writeFileSync(join(folder, 'etc', 'daemon.json'), '{}');
  const args = [
    ...['--host', host, '--config-file', join(folder, 'etc', 'daemon.json')],
    ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
    ...['--pidfile', join(folder, 'dockerd.pid')],
    // A containerd that already runs would be shared: these keep our containers out of the other engine's sight.
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
  // It must not keep a finished process alive, but whoever waits for its end does.
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
 * A /16 that no interface or route here uses. The bridge's name holds the number, and making a bridge fails when
 * the name is taken: two daemons that start together cannot get the same one.
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

/** Removes what daemons of ours left whose owner was killed. */
export async function sweepDaemons() {
  for (const parent of new Set([tmpdir(), '/tmp'])) {
    for (const name of readdirSync(parent).filter((entry) => entry.startsWith(PREFIX))) {
      /** @type {Owned} */
      let owned;
      try {
        owned = JSON.parse(readFileSync(join(parent, name, 'owned.json'), 'utf8'));
      } catch {
        continue; // Being made this moment, or not ours.
      }
      if (startTime(owned.owner) !== owned.ownerStart) removeRemains(owned);
    }
  }
}
