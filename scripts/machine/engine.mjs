// Starts a Docker Engine where none answers, after apt has installed it if it is missing. daemon.mjs has the daemon itself.

import { clientFor, inPath, reachableEngine } from '../setup/docker-client.mjs';
import { aptInstall } from './apt.mjs';
import { startDaemon, sweepDaemons } from './daemon.mjs';
import { ENGINE_PACKAGES } from './debian-packages.mjs';

/** @returns {Promise<import('../setup/docker.mjs').Engine | { missing: string }>} */
export async function startEngine() {
  // The programs are looked for, not Debian's packages: an engine may come from another package with a dockerd of its own.
  if (!inPath('dockerd') || !inPath('ip')) {
    const done = await aptInstall(ENGINE_PACKAGES, { allowSystem: true });
    if ('missing' in done) return { missing: `${done.missing}.` };
    // The package has started an engine if the machine has an init system.
    const started = await reachableEngine(undefined);
    if (started) return started;
  }
  await sweepDaemons();
  const daemon = await startDaemon(async (host) => Boolean(await clientFor(host)));
  if ('missing' in daemon) return daemon;
  const docker = (await clientFor(daemon.host)) ?? 'docker';
  return { host: daemon.host, docker, ours: true, how: `started for now on ${daemon.host}`, stop: daemon.stop };
}
