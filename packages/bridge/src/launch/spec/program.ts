// Checks the options that name the program (command, image or build), and makes the program and its name of them.
import { resolve } from 'node:path';
import { basename } from 'node:path/posix';
import { BridgeError } from '../../errors/bridge-error.ts';
import { checkOption, type Names, optionsOf, userError } from '../../errors/options.ts';
import { IMAGE_NAME, isImageName } from '../docker/image/image-name.ts';
import type { BuildSpec, Program } from '../runtime.ts';
import { checkVariables } from './plan-options.ts';
import type { CommandSpec, ImageBuildSpec, ImageSpec, LaunchSpec, PerReplica } from './spec.ts';

const BUILD: Names<BuildSpec> = { context: true, dockerfile: true, args: true, target: true, tag: true };
/** Python's option `-c`, which other letters may precede: `-uc`. The next argument is code. */
const CODE_NEXT = /^-\w*c$/;

/** Returns the program of a replica. @throws BridgeError BRIDGE_OPTION if the options are invalid, or exclude each other */
export function programOf(spec: LaunchSpec, replica: number): Program {
  const { command, image, build, cwd } = spec as Partial<CommandSpec & ImageSpec & ImageBuildSpec>;
  const given = command === undefined ? undefined : argumentsOf(forReplica('command', command, replica));
  checkOption('cwd', cwd, cwd === undefined || (typeof cwd === 'string' && cwd !== ''), 'a folder');
  checkOption('image', image, image === undefined || (typeof image === 'string' && isImageName(image)), IMAGE_NAME);
  checkOption('build', build, image === undefined || build === undefined, 'no such option beside `image`');
  const isContainer = image !== undefined || build !== undefined;
  const hasFolder = 'no such option beside `image` or `build`: a container has a working folder of its own';
  checkOption('cwd', cwd, cwd === undefined || !isContainer, hasFolder);
  if (image !== undefined) return { kind: 'image', image, command: given };
  if (build !== undefined) {
    const buildSpec = optionsOf<BuildSpec>('build', typeof build === 'string' ? { context: build } : build, BUILD);
    const { context = '', dockerfile, args, target, tag } = buildSpec;
    checkOption('build', build, typeof context === 'string' && context !== '', 'a folder, or { context }');
    for (const [name, value] of Object.entries({ dockerfile, target, tag }))
      checkOption(`build.${name}`, value, value === undefined || typeof value === 'string', 'a string');
    checkOption('build.tag', tag, tag === undefined || isImageName(tag), IMAGE_NAME);
    const variables = args !== undefined && { args: checkVariables('build.args', args) };
    return { kind: 'build', build: { ...buildSpec, ...variables, context: resolve(context) }, command: given };
  }
  if (given === undefined)
    throw new BridgeError('BRIDGE_OPTION', 'there is nothing to launch: expected `command`, `image` or `build`');
  return { kind: 'command', command: given, cwd };
}

/**
 * Returns a copy of a program and its arguments.
 * @throws BridgeError BRIDGE_OPTION unless `command` is a list of strings that begins with a program
 */
function argumentsOf(command: readonly string[]): readonly string[] {
  const holds =
    Array.isArray(command) && command.findIndex((word) => typeof word !== 'string') < 0 && (command[0] ?? '') !== '';
  checkOption('command', command, holds, "a program and its arguments: ['python3', 'ml_model.py']");
  return [...command];
}

/** Returns a program's name for messages. */
export function nameOf(program: Program): string {
  if (program.kind === 'image') return program.image;
  if (program.kind === 'build') return program.build.tag ?? basename(program.build.context);
  const [first = '', ...args] = program.command;
  const index = args.findIndex((arg) => !arg.startsWith('-'));
  const file = args[index];
  // The argument of -c is code, and not a name.
  return basename(file === undefined || CODE_NEXT.test(args[index - 1] ?? '') ? first : file);
}

/**
 * Returns an option's value for one replica.
 * @throws BridgeError BRIDGE_OPTION, with the error of the user's function as its cause
 */
export function forReplica<T>(name: string, value: PerReplica<T>, replica: number): T {
  // The cast is safe: no T is a function.
  if (typeof value !== 'function') return value;
  try {
    return (value as (replica: number) => T)(replica);
  } catch (cause) {
    throw userError(`${name} of replica ${replica}`, cause);
  }
}
