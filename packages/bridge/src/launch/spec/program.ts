// Which program a launch is of: what a user said of its command, image or build, held against what it may be.
import { resolve } from 'node:path';
import { basename } from 'node:path/posix';
import { BridgeError } from '../../errors/bridge-error.ts';
import { checkOption, type Names, optionsOf, userError } from '../../errors/options.ts';
import { IMAGE_NAME, isImageName } from '../docker/image/image-name.ts';
import type { BuildSpec, Program } from '../runtime.ts';
import { checkVariables } from './plan-options.ts';
import type { CommandSpec, ImageBuildSpec, ImageSpec, LaunchSpec, PerReplica } from './spec.ts';

const BUILD: Names<BuildSpec> = { context: true, dockerfile: true, args: true, target: true, tag: true };
/** `-c`, also behind other letters: `-uc`. */
const CODE_NEXT = /^-\w*c$/;

/** @throws BridgeError BRIDGE_OPTION */
export function programOf(spec: LaunchSpec, replica: number): Program {
  const { command, image, build, cwd } = spec as Partial<CommandSpec & ImageSpec & ImageBuildSpec>;
  const given = command === undefined ? undefined : wordsOf(of('command', command, replica));
  checkOption('cwd', cwd, cwd === undefined || (typeof cwd === 'string' && cwd !== ''), 'a folder');
  checkOption('image', image, image === undefined || (typeof image === 'string' && isImageName(image)), IMAGE_NAME);
  checkOption('build', build, image === undefined || build === undefined, 'none: there is an image');
  const isContainer = image !== undefined || build !== undefined;
  checkOption('cwd', cwd, cwd === undefined || !isContainer, 'none: a container has a working folder of its own');
  if (image !== undefined) return { kind: 'image', image, command: given };
  if (build !== undefined) {
    const told = optionsOf<BuildSpec>('build', typeof build === 'string' ? { context: build } : build, BUILD);
    const { context = '', dockerfile, args, target, tag } = told;
    checkOption('build', build, typeof context === 'string' && context !== '', 'a folder, or { context }');
    for (const [name, value] of Object.entries({ dockerfile, target, tag }))
      checkOption(`build.${name}`, value, value === undefined || typeof value === 'string', 'text');
    checkOption('build.tag', tag, tag === undefined || isImageName(tag), IMAGE_NAME);
    const variables = args !== undefined && { args: checkVariables('build.args', args) };
    return { kind: 'build', build: { ...told, ...variables, context: resolve(context) }, command: given };
  }
  if (given === undefined)
    throw new BridgeError('BRIDGE_OPTION', 'nothing to launch: expected command, image or build');
  return { kind: 'command', command: given, cwd };
}

/** @throws BridgeError BRIDGE_OPTION unless they are a program and its arguments */
function wordsOf(command: readonly string[]): readonly string[] {
  const holds =
    Array.isArray(command) && command.every((word) => typeof word === 'string') && (command[0] ?? '') !== '';
  checkOption('command', command, holds, "a program and its arguments: ['python3', 'ml_model.py']");
  return [...command];
}

/** What it is called in messages. */
export function nameOf(program: Program): string {
  if (program.kind === 'image') return program.image;
  if (program.kind === 'build') return program.build.tag ?? basename(program.build.context);
  const [first = '', ...words] = program.command;
  const at = words.findIndex((word) => !word.startsWith('-'));
  const file = words[at];
  // What stands behind -c is a program's text, and no name.
  return basename(file === undefined || CODE_NEXT.test(words[at - 1] ?? '') ? first : file);
}

/**
 * What one for all replicas, or each of them, is to have.
 * @throws BridgeError BRIDGE_OPTION with what the user's function threw as its cause
 */
export function of<T>(name: string, value: PerReplica<T>, replica: number): T {
  // No T is a function.
  if (typeof value !== 'function') return value;
  try {
    return (value as (replica: number) => T)(replica);
  } catch (cause) {
    throw userError(`${name} of replica ${replica}`, cause);
  }
}
