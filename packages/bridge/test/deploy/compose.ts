// Runs the services of a compose file by the engine's API: the file that users run, on engines without the compose plugin. An
// unknown key in the file is an error, so that no setting is ignored.
import { readFileSync } from 'node:fs';
import Docker from 'dockerode';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { engineEnv } from '../launch/containers.ts';

interface Service {
  readonly [key: string]: unknown;
  readonly image: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly init?: boolean;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly logging?: { readonly driver: string; readonly options: Record<string, string> };
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: readonly string[];
  readonly stop_grace_period?: string;
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly pids_limit?: number;
  readonly build?: { readonly context: string; readonly args: Record<string, string> };
}

interface ComposeFile {
  readonly services: Record<string, Service>;
  readonly networks?: Record<string, object>;
  readonly volumes?: Record<string, object>;
}

export interface Project {
  readonly containers: ReadonlyMap<string, Docker.Container>;
  readonly volumes: ReadonlyMap<string, string>;
}

const KNOWN: ReadonlySet<string> = new Set([
  ...[
    'image',
    'build',
    'command',
    'user',
    'init',
    'restart',
    'read_only',
    'cap_drop',
    'security_opt',
    'tmpfs',
    'logging',
  ],
  ...[
    'networks',
    'network_mode',
    'ports',
    'volumes',
    'depends_on',
    'stop_grace_period',
    'mem_limit',
    'cpus',
    'pids_limit',
  ],
]);
const SUFFIXES: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** Returns the file's text with its variables replaced. */
export function composeFile(url: URL, env: Readonly<Record<string, string>>): ComposeFile {
  const text = readFileSync(url, 'utf8').replace(/\$\{(\w+)(?:(:-|:\?)([^}]*))?\}/g, (_, name, how, word) => {
    const value = env[name] || (how === ':-' ? word : undefined);
    if (value === undefined) throw new Error(`${name}: ${word}`);
    return value;
  });
  const file = parse(text, { merge: true }) as ComposeFile;
  for (const [name, service] of Object.entries(file.services)) {
    const unknown = Object.keys(service).filter((key) => !KNOWN.has(key));
    if (unknown.length > 0) throw new Error(`${name}: ${unknown.join(', ')} is unknown here`);
  }
  return file;
}

/** Starts all services, each after those on which it depends. They are removed after the test. */
export async function up(file: ComposeFile, project: string): Promise<Project> {
  const docker = new Docker({ socketPath: engineEnv.DOCKER_HOST.slice('unix://'.length) });
  const containers = new Map<string, Docker.Container>();
  const volumes = new Map(Object.keys(file.volumes ?? {}).map((name) => [name, `${project}_${name}`]));
  const networks = new Map(Object.keys(file.networks ?? {}).map((name) => [name, `${project}_${name}`]));
  onTestFinished(async () => {
    for (const container of [...containers.values()].reverse()) await container.remove({ force: true, v: true });
    for (const name of networks.values()) await docker.getNetwork(name).remove();
    for (const name of volumes.values()) await docker.getVolume(name).remove();
  });
  for (const name of networks.values()) await docker.createNetwork({ Name: name });
  for (const name of volumes.values()) await docker.createVolume({ Name: name });
  const waiting = new Map(Object.entries(file.services));
  while (waiting.size > 0) {
    const [next] = [...waiting].filter(([, { depends_on = [] }]) => depends_on.every((each) => containers.has(each)));
    if (!next) throw new Error(`a circle: ${[...waiting.keys()].join(', ')}`);
    const [name, service] = next;
    waiting.delete(name);
    const container = await docker.createContainer({
      name: `${project}-${name}-1`,
      Image: service.image,
      ...(service.command && { Cmd: [...service.command] }),
      ...(service.user !== undefined && { User: service.user }),
      StopTimeout: Number.parseInt(service.stop_grace_period ?? '10s', 10),
      ExposedPorts: Object.fromEntries((service.ports ?? []).map((port) => [`${port.split(':')[2]}/tcp`, {}])),
      HostConfig: hostConfig(service, { containers, volumes, networks }),
    });
    containers.set(name, container);
    await container.start();
  }
  return { containers, volumes };
}

interface Made {
  readonly containers: ReadonlyMap<string, Docker.Container>;
  readonly volumes: ReadonlyMap<string, string>;
  readonly networks: ReadonlyMap<string, string>;
}

function hostConfig(service: Service, { containers, volumes, networks }: Made): Docker.HostConfig {
  const { network_mode: mode, logging } = service;
  const shared = mode?.startsWith('service:') ? containers.get(mode.slice('service:'.length)) : undefined;
  const network = shared ? `container:${shared.id}` : (mode ?? networks.get(service.networks?.[0] ?? '') ?? 'bridge');
  return {
    NetworkMode: network,
    ...(service.init !== undefined && { Init: service.init }),
    RestartPolicy: { Name: service.restart ?? 'no' },
    ReadonlyRootfs: service.read_only ?? false,
    CapDrop: [...(service.cap_drop ?? [])],
    SecurityOpt: [...(service.security_opt ?? [])],
    Tmpfs: Object.fromEntries((service.tmpfs ?? []).map((each) => pair(each))),
    ...(logging && { LogConfig: { Type: logging.driver, Config: logging.options } }),
    PortBindings: Object.fromEntries(
      (service.ports ?? []).map((port) => {
        const [HostIp = '', HostPort = '', inside] = port.split(':');
        return [`${inside}/tcp`, [{ HostIp, HostPort }]];
      }),
    ),
    Binds: (service.volumes ?? []).map((each) => {
      const [name, target] = pair(each);
      return `${volumes.get(name)}:${target}`;
    }),
    ...(service.mem_limit !== undefined && { Memory: bytesOf(service.mem_limit) }),
    ...(service.cpus !== undefined && { NanoCpus: service.cpus * 1e9 }),
    ...(service.pids_limit !== undefined && { PidsLimit: service.pids_limit }),
  };
}

function pair(text: string): [string, string] {
  const at = text.indexOf(':');
  return [text.slice(0, at), text.slice(at + 1)];
}

function bytesOf(text: string): number {
  return Number.parseInt(text, 10) * (SUFFIXES[text.at(-1) ?? ''] ?? 1);
}
