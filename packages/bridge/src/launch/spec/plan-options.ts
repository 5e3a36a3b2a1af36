// Checks the options about a model's surroundings: environment variables, mounts, memory, GPUs.
import { isAbsolute } from 'node:path';
import { describeValue } from '@bridge/transport';
import { BridgeError } from '../../errors/bridge-error.ts';
import { checkFlag, checkOption, type Names, optionsOf, tagOf } from '../../errors/options.ts';
import type { Gpus, Mount } from '../runtime.ts';
import type { LaunchSpec } from './spec.ts';

const MOUNT: Names<Mount> = { source: true, target: true, readOnly: true };
const SUFFIXES: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** Returns a copy of `env`. @throws BridgeError BRIDGE_OPTION if a name is empty or has an =, or if a value is not a string */
export function checkEnv(env: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  const variables = checkVariables('env', env);
  for (const name of Object.keys(variables))
    checkOption('env', name, name !== '' && !name.includes('='), 'names without =');
  return variables;
}

/**
 * Checks environment variables. A Map or a promise is rejected, because it has no properties and would look like an empty object.
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkVariables(option: string, values: unknown): Readonly<Record<string, string>> {
  if (values === undefined || values === null) return {};
  checkOption(option, values, typeof values === 'object' && tagOf(values) === 'Object', 'an object: { NAME: string }');
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    checkOption(`${option}.${name}`, value, typeof value === 'string', 'a string');
    variables[name] = value as string;
  }
  return variables;
}

/** Returns a copy of `mounts`. @throws BridgeError BRIDGE_OPTION unless it is a list of mounts with absolute paths */
export function checkMounts(mounts: LaunchSpec['mounts'] | null): readonly Mount[] {
  if (mounts === undefined || mounts === null) return [];
  checkOption('mounts', mounts, Array.isArray(mounts), 'a list of { source, target }');
  return mounts.map((mount) => {
    checkOption('mounts', mount, typeof mount === 'object' && mount !== null, 'objects: { source, target }');
    const given = optionsOf<Mount>('mounts', mount, MOUNT);
    const { source, target, readOnly } = given;
    checkFlag('mounts.readOnly', readOnly);
    const absolute = [source, target].every((path) => typeof path === 'string' && isAbsolute(path));
    checkOption('mounts', mount, absolute, 'absolute paths: { source, target }');
    return given as Mount;
  });
}

/** Returns `gpus`. @throws BridgeError BRIDGE_OPTION unless it is 'all', a whole number from 1, or a list of ids */
export function checkGpus(gpus: Gpus | undefined): Gpus | undefined {
  const holds = Array.isArray(gpus)
    ? gpus.every((id) => typeof id === 'string')
    : gpus === undefined || gpus === 'all' || (Number.isInteger(gpus) && Number(gpus) > 0);
  checkOption('gpus', gpus, holds, "'all', a whole number from 1, or a list of ids");
  return gpus;
}

/** Returns the option `memory` in bytes. @throws BridgeError BRIDGE_OPTION unless it is a number, with or without k, m or g behind it */
export function bytesOf(memory: number | string): number {
  const text = typeof memory === 'number' || typeof memory === 'string' ? String(memory) : '';
  const [, digits, suffix = ''] = /^(\d+)([bkmg]?)$/i.exec(text) ?? [];
  const bytes = Number(digits) * (SUFFIXES[suffix.toLowerCase()] ?? Number.NaN);
  if (bytes > 0) return bytes;
  const message = `memory is ${describeValue(memory)}: expected bytes, or a number with k, m or g behind it`;
  throw new BridgeError('BRIDGE_OPTION', message, { name: 'memory', value: memory });
}
