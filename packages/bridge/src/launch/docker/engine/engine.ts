// A Docker Engine that answers, and how it relates to this machine: whether its containers see this machine's files, whether their
// processes can be seen here, and whether their addresses can be reached. The client, dockerode, is an optional package and is loaded
// only when it is needed.

import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import type Docker from 'dockerode';
import { quoted } from '../../../errors/quoted.ts';
import { engineAddress } from './engine-address.ts';
import { dockerError, engineMessage } from './engine-errors.ts';

/** A Docker Engine that has answered. */
export interface Engine {
  readonly docker: Docker;
  /** The engine's address: `unix:///var/run/docker.sock`. */
  readonly where: string;
  /** The engine's name and version: `Docker 20.10.24`. */
  readonly name: string;
  /** True if its containers run on this machine's kernel: they see the same paths, and their processes may be visible here. */
  readonly sameKernel: boolean;
  /** True if the networks of its containers are networks of this machine. */
  readonly sameNetwork: boolean;
  /**
   * True if a port that the engine publishes on 127.0.0.1 can be reached on this machine's loopback address: the engine runs on this
   * machine, or in a virtual machine on it.
   */
  readonly publishesHere: boolean;
}

/** The limit for an answer of the engine. */
const ANSWER_MS = 10_000;
const VERSION_CHARACTERS = 50;

/**
 * Resolves with the engine that the environment variables name.
 * @throws BridgeError BRIDGE_LAUNCH, `detail.reason` no-client or no-engine
 */
export async function openEngine(env: Readonly<Record<string, string>>): Promise<Engine> {
  const Client = await client();
  const { where, client: options } = engineAddress(env);
  try {
    const docker = new Client(options);
    const [version, info] = await within(ANSWER_MS, Promise.all([docker.version(), docker.info()]));
    const security: readonly string[] = info.SecurityOptions ?? [];
    const machine =
      process.platform === 'linux' && where.startsWith('unix:') && info.OperatingSystem !== 'Docker Desktop';
    return {
      docker,
      where,
      name: `Docker ${quoted(String(version.Version), VERSION_CHARACTERS)}`,
      sameKernel: machine,
      publishesHere: /^(unix|npipe):|^tcp:\/\/(127\.|localhost|\[::1\])/.test(where),
      sameNetwork: machine && !security.some((each) => each.startsWith('name=rootless')),
    };
  } catch (cause) {
    const message = `no Docker Engine answers at ${where}: ${reasonOf(cause)}`;
    throw dockerError('no-engine', message, { where }, cause);
  }
}

/** Settles as `promise` does, or rejects after `ms`. Without a limit, a client whose engine goes away may wait for ever. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns true if this machine has an interface in the network of `address`, so that messages to it stay on this machine. */
export function isOnOwnNetwork(address: string): boolean {
  const networks = new BlockList();
  for (const { cidr, family, internal } of Object.values(networkInterfaces()).flatMap((each) => each ?? [])) {
    const [net, bits] = (cidr ?? '').split('/');
    if (net && bits && !internal) networks.addSubnet(net, Number(bits), family === 'IPv4' ? 'ipv4' : 'ipv6');
  }
  return networks.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

async function client(): Promise<typeof Docker> {
  try {
    return (await import('dockerode')).default;
  } catch (cause) {
    const message = 'containers need the package dockerode, which is not installed: npm install dockerode';
    throw dockerError('no-client', message, {}, cause);
  }
}

function reasonOf(cause: unknown): string {
  const { code } = Object(cause) as { code?: unknown };
  if (code === 'ENOENT') return 'the socket does not exist; start Docker, or set DOCKER_HOST to its address';
  if (code === 'EACCES') return 'this user may not use the socket (see the group `docker`)';
  if (code === 'ECONNREFUSED') return 'nothing listens there; start Docker';
  return engineMessage(cause);
}
