// The options with which Docker creates a container, made from the plan of an instance and the facts about its image.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ContainerCreateOptions, DeviceRequest, HostConfig } from 'dockerode';
import { shimEnvironment, shimFolder } from '../../../lane/shim-environment.ts';
import type { Gpus, LanePlan, Mount, Plan } from '../../runtime.ts';
import type { ImageFacts } from '../image/image.ts';

/** The paths at which the model sees the lane's folder and the folder of the shim (the Python code at the lane's other end). */
const LANE = '/run/npbridge/lane';
const SHIM = '/run/npbridge/shim';

/** The labels by which a container is found again. The launch's name says which user and which process made it. */
export const LABELS = { boot: 'npbridge.boot', launch: 'npbridge.launch', replica: 'npbridge.replica' } as const;

/** The limits of the engine's own log of the container's output. */
const LOG = { Type: 'json-file', Config: { 'max-size': '8m', 'max-file': '2' } };

export interface ContainerChoices {
  readonly image: ImageFacts;
  /** True if the engine publishes the container's port on a loopback port of its machine. */
  readonly published: boolean;
  /** The id of the kernel's boot, if this machine and the engine share a kernel. */
  readonly boot: string | undefined;
}

export function containerOptions(plan: Plan, { image, published, boot }: ContainerChoices): ContainerCreateOptions {
  const { program, port, lane } = plan;
  if (program.kind !== 'image') throw new Error(`a container runs an image, and not a ${program.kind}`);
  const exposed = `${port}/tcp`;
  const host: HostConfig = {
    // Under an init, signals end a model by default. As the container's first process, the model would have to handle each of them.
    Init: true,
    LogConfig: LOG,
    RestartPolicy: { Name: 'no' },
    Mounts: [...plan.mounts, ...(lane ? laneMounts(lane) : [])].map(mountOf),
    ...(published && { PortBindings: { [exposed]: [{ HostIp: '127.0.0.1', HostPort: '' }] } }),
    // With swap, a model would become very slow before it reached the limit.
    ...(plan.memoryBytes !== undefined && { Memory: plan.memoryBytes, MemorySwap: plan.memoryBytes }),
    ...(plan.gpus !== undefined && { DeviceRequests: [devicesOf(plan.gpus)] }),
  };
  return {
    // The name has a random part because a replica of the same number may still be ending while this one starts.
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
 * Returns the options in a form that makes the client send them in the request's body alone. By default the client also puts them into the
 * URL, including the model's environment variables with their secrets, and engines, proxies and their logs record URLs.
 */
export function inBody({ name, ...body }: ContainerCreateOptions): ContainerCreateOptions {
  // dockerode's types do not have `_query` and `_body`.
  return { _query: { name }, _body: body } as ContainerCreateOptions;
}

/** Returns the environment variables. The model's own PYTHONPATH, from the plan or its image, comes after the shim's folder. */
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
