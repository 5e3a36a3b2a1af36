// The options of a container in Docker's own words, made from a plan and the facts about its image.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ContainerCreateOptions, DeviceRequest, HostConfig } from 'dockerode';
import { shimEnvironment, shimFolder } from '../../../lane/shim.ts';
import type { Gpus, LanePlan, Mount, Plan } from '../../runtime.ts';
import type { ImageFacts } from '../image/image.ts';

/** The paths at which the model sees the lane's folder and the shim's. */
const LANE = '/run/npbridge/lane';
const SHIM = '/run/npbridge/shim';

/** Labels by which a container is found. The launch's name says which user and process made it. */
export const LABELS = { boot: 'npbridge.boot', launch: 'npbridge.launch', replica: 'npbridge.replica' } as const;

/** The limits of the engine's own log of the model's output. */
const LOG = { Type: 'json-file', Config: { 'max-size': '8m', 'max-file': '2' } };

export interface ContainerChoices {
  readonly image: ImageFacts;
  /** True if the port is published on a loopback port of the engine's machine. */
  readonly published: boolean;
  /** The id of the kernel's boot, if host and engine share a kernel. */
  readonly boot: string | undefined;
}

export function containerOptions(plan: Plan, { image, published, boot }: ContainerChoices): ContainerCreateOptions {
  const { program, port, lane } = plan;
  if (program.kind !== 'image') throw new Error(`a container runs an image, and not a ${program.kind}`);
  const exposed = `${port}/tcp`;
  const host: HostConfig = {
    // Signals reach a model only through an init: as the first process it would have to handle each of them itself.
    Init: true,
    LogConfig: LOG,
    RestartPolicy: { Name: 'no' },
    Mounts: [...plan.mounts, ...(lane ? laneMounts(lane) : [])].map(mountOf),
    ...(published && { PortBindings: { [exposed]: [{ HostIp: '127.0.0.1', HostPort: '' }] } }),
    // With swap a model would become very slow before it reaches the limit.
    ...(plan.memoryBytes !== undefined && { Memory: plan.memoryBytes, MemorySwap: plan.memoryBytes }),
    ...(plan.gpus !== undefined && { DeviceRequests: [devicesOf(plan.gpus)] }),
  };
  return {
    // A replica of the same number may still be ending while this one starts.
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
 * Returns the options in the form that makes the client send them in the body alone. By default it also puts them into the address,
 * with the model's variables and the secrets among them, and engines, proxies and their logs write addresses down.
 */
export function inBody({ name, ...body }: ContainerCreateOptions): ContainerCreateOptions {
  // dockerode's types lack `_query` and `_body`.
  return { _query: { name }, _body: body } as ContainerCreateOptions;
}

/** Returns the variables. The model's own PYTHONPATH, from the plan or its image, comes after the shim's. */
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
