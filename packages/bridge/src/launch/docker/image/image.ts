// The image in which a model runs: an existing one, or one that is built. Images are not pulled: users decide which registry to trust.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, normalize, resolve } from 'node:path';
import { isBridgeError } from '../../../errors/bridge-error.ts';
import { checkOption } from '../../../errors/options.ts';
import { boundedLines, quoted } from '../../../errors/quoted.ts';
import type { BuildSpec, LogSink } from '../../runtime.ts';
import { type Engine, within } from '../engine/engine.ts';
import { dockerError, engineMessage, statusOf } from '../engine/engine-errors.ts';
import { IMAGE_NAME, isImageName } from './image-name.ts';

/** The number of lines of a build's output that an error has. */
const KEPT_LINES = 20;
const ANSWER_MS = 10_000;
/** The longest line of a build's output. Honest builders' lines have a few hundred characters. */
const LONGEST_LINE = 2 ** 20;

/** The facts about an image that are needed to run it. */
export interface ImageFacts {
  /** The image's environment variables: `NAME=value`. */
  readonly env: readonly string[];
  /** The signal that ends the image's program. */
  readonly stopSignal: string;
  /** The TCP ports that the image exposes. */
  readonly exposedPorts: readonly number[];
}

/**
 * Resolves with the facts about an image.
 * @throws BridgeError BRIDGE_LAUNCH, `detail.reason` no-image or no-engine; BRIDGE_OPTION for an invalid name
 */
export async function imageFacts({ docker, name, where }: Engine, image: string): Promise<ImageFacts> {
  checkOption('image', image, isImageName(image), IMAGE_NAME);
  try {
    const { Config } = await within(ANSWER_MS, docker.getImage(image).inspect());
    // The client's types lack a field that few images have.
    const { StopSignal } = Config as { StopSignal?: string };
    const exposedPorts = Object.keys(Config.ExposedPorts ?? {})
      .filter((port) => port.endsWith('/tcp'))
      .map((port) => Number.parseInt(port, 10));
    return { env: Config.Env ?? [], stopSignal: StopSignal || 'SIGTERM', exposedPorts };
  } catch (cause) {
    if (statusOf(cause) === undefined)
      throw dockerError('no-engine', `the engine at ${where} is gone: ${engineMessage(cause)}`, { where }, cause);
    const message = `${name} at ${where} has no image ${image}: build or pull it first (${engineMessage(cause)})`;
    throw dockerError('no-image', message, { image, where }, cause);
  }
}

/**
 * Builds an image. Each step of the build is a note in the log.
 * @returns a promise of the image's name
 * @throws BridgeError BRIDGE_LAUNCH, `detail.reason` build, with the builder's last lines in `detail.lines`; `signal.reason` when aborted
 */
export async function buildImage(engine: Engine, spec: BuildSpec, log: LogSink, signal: AbortSignal): Promise<string> {
  const { context, dockerfile = 'Dockerfile', args, target } = spec;
  const tag =
    spec.tag ??
    `npbridge-${basename(resolve(context))
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')}`;
  const lines: string[] = [];
  const failed = (why: string, cause?: unknown): Error =>
    dockerError(
      'build',
      `${join(context, dockerfile)} cannot be built: ${quoted(why)}`,
      { context, dockerfile, lines: boundedLines(lines) },
      cause,
    );
  if (!existsSync(join(context, dockerfile))) throw failed('there is no such file');
  try {
    const stream = await engine.docker.buildImage(
      { context, src: alwaysWith(dockerfile, await readdir(context)) },
      {
        t: tag,
        dockerfile,
        forcerm: true,
        ...(args && { buildargs: { ...args } }),
        ...(target && { target }),
        abortSignal: signal,
      },
    );
    // If the engine goes away, the stream is closed without an error. Then the image does not exist, and imageFacts throws.
    for await (const line of linesOf(stream)) {
      const record = Object(JSON.parse(line)) as { stream?: unknown; error?: unknown; status?: unknown };
      const text = String(record.error ?? record.stream ?? record.status ?? '').trimEnd();
      if (text !== '') lines.push(...text.split('\n').slice(-KEPT_LINES));
      lines.splice(0, lines.length - KEPT_LINES);
      if (/^Step \d/.test(text)) log.note(`building ${tag}: ${text}`);
      if (record.error !== undefined) throw failed(text);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw isBridgeError(cause) ? cause : failed(engineMessage(cause), cause);
  }
  signal.throwIfAborted();
  await imageFacts(engine, tag);
  log.note(`built the image ${tag}`);
  return tag;
}

/**
 * Returns the files of a folder that are sent to the engine for a build, with the Dockerfile even if .dockerignore excludes it: the
 * `docker` command does so, and in some folders .dockerignore excludes everything but the program. The client copies this list and
 * filters the copy by .dockerignore, so the list's `slice` and `filter` are replaced. Rejected: packing the files here, for which users
 * would have to install two packages that the client has (for tar and for .dockerignore).
 */
function alwaysWith(dockerfile: string, entries: readonly string[]): string[] {
  const always = normalize(dockerfile);
  const filter = (keep: (entry: string) => boolean): string[] => [
    ...entries.filter((entry) => entry !== always && keep(entry)),
    always,
  ];
  return Object.assign([...entries], { slice: () => Object.assign([...entries], { filter }) });
}

async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const [first = '', ...more] = String(chunk).split('\n');
    rest += first;
    if (rest.length > LONGEST_LINE)
      throw new Error(`a line of the engine's output is longer than ${LONGEST_LINE} characters`);
    for (const next of more) {
      if (rest.trim() !== '') yield rest;
      rest = next;
    }
  }
  if (rest.trim() !== '') yield rest;
}
