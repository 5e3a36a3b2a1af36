// What an engine is told to make of a plan: a plan and what is known of its image in, Docker's own words out.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ContainerCreateOptions, DeviceRequest, HostConfig } from 'dockerode';
import { shimEnvironment, shimFolder } from '../../../lane/shim.ts';
import type { Gpus, LanePlan, Mount, Plan } from '../../runtime.ts';
import type { ImageFacts } from '../image/image.ts';

/** Where the model sees the lane's folder, and the shim's. */
const LANE = '/run/npbridge/lane';
const SHIM = '/run/npbridge/shim';

/** Labels by which a container is found; the launch's name says whose it is. */
export const LABELS = { boot: 'npbridge.boot', launch: 'npbridge.launch', replica: 'npbridge.replica' } as const;

/** What the engine keeps of what the model writes. */
const LOG = { Type: 'json-file', Config: { 'max-size': '8m', 'max-file': '2' } };

export interface ContainerChoices {
  readonly image: ImageFacts;
  /** The port is published on a loopback port of the engine's machine. */
  readonly published: boolean;
  /** The run of the kernel, where host and engine share one. */
  readonly boot: string | undefined;
}

export function containerOptions(plan: Plan, { image, published, boot }: ContainerChoices): ContainerCreateOptions {
  const { program, port, lane } = plan;
  if (program.kind !== 'image') throw new Error(`a container runs an image, and no ${program.kind}`);
  const exposed = `${port}/tcp`;
  const host: HostConfig = {
    // Signals reach a model only through an init: as the first process it would have to ask for each of them.
    Init: true,
    LogConfig: LOG,
    RestartPolicy: { Name: 'no' },
    Mounts: [...plan.mounts, ...(lane ? laneMounts(lane) : [])].map(mountOf),
    ...(published && { PortBindings: { [exposed]: [{ HostIp: '127.0.0.1', HostPort: '' }] } }),
    // With swap the limit would only be the beginning of a slow end.
    ...(plan.memoryBytes !== undefined && { Memory: plan.memoryBytes, MemorySwap: plan.memoryBytes }),
    ...(plan.gpus !== undefined && { DeviceRequests: [devicesOf(plan.gpus)] }),
  };
  return {
    // Of two replicas with one number the one may be on its way out while the other comes.
    name: `npbridge-${plan.launch}-${plan.replica}-${randomBytes(3).toString('hex')}`,
    Image: program.image,
    ...(program.command && { Cmd: [...program.command] }),
    Env: variables(plan, image),
    Labels: {
      [LABELS.launch]: plan.launch,
      [LABELS.replica]: String(plan.replica),
      ...(boot !== undefined && { [LABELS.boot]: boot }),
    },
    ...(published && { ExposedPorts: { [exposed]: {} } }),
    HostConfig: host,
  };
}

/**
 * What the client is told to send them as. Told nothing, it puts them into the address as well, which engines, proxies and their
 * logs write down: with the model's variables, and whatever is secret in them.
 */
export function inBody({ name, ...body }: ContainerCreateOptions): ContainerCreateOptions {
  // dockerode's types lack `_query` and `_body`.
  return { _query: { name }, _body: body } as ContainerCreateOptions;
}

/** A model's own PYTHONPATH, from the plan or its image, stays behind the shim's. */
function variables({ env, port, lane }: Plan, image: ImageFacts): string[] {
  const pythonPath =
    env['PYTHONPATH'] ?? image.env.find((each) => each.startsWith('PYTHONPATH='))?.slice('PYTHONPATH='.length);
  const shim =
    lane && shimEnvironment({ port, socket: join(LANE, lane.socket), folder: SHIM, pythonPath, lean: lane.lean });
  return Object.entries({ ...env, ...shim }).map(([name, value]) => `${name}=${value}`);
}

function laneMounts({ folder }: LanePlan): Mount[] {
  return [
    { source: shimFolder, target: SHIM, readOnly: true },
    { source: folder, target: LANE, readOnly: false },
  ];
}

function mountOf({ source, target, readOnly = true }: Mount): NonNullable<HostConfig['Mounts']>[number] {
  return { Type: 'bind', Source: source, Target: target, ReadOnly: readOnly };
}

function devicesOf(gpus: Gpus): DeviceRequest {
  const which = gpus === 'all' ? { Count: -1 } : typeof gpus === 'number' ? { Count: gpus } : { DeviceIDs: [...gpus] };
  return { ...which, Capabilities: [['gpu']] };
}
