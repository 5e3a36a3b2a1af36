// From targets to a model of arrays.

import { type ArraySchema, checkDeclared } from '../codecs/schema.ts';
import type { Dialect, OneWayDialect } from '../dialects/dialect.ts';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import { GuardedModel, type GuardedModelOptions } from './guarded-model.ts';
import { checkRetry, type Model, type OneWayModel, type Retry } from './model.ts';
import { GUARDED, type GuardedOptions, openGuard, type Target } from './open-guard.ts';

/** How to talk to a model. */
export interface ConnectOptions extends GuardedOptions {
  /** What the model takes. Anything else is refused before a connection is opened. */
  readonly input?: ArraySchema;
  /** What the model gives. */
  readonly output?: ArraySchema;
  /**
   * `learn`: what was not declared is taken from the first good exchange: the input's dtype and shape, the reply's dtype and
   * number of axes.
   */
  readonly schema?: 'learn';
  /** What may be done with a message that was not answered. Default `unseen`. */
  readonly retry?: Retry;
}

/** What `connect` gives for a dialect: also where a program has no types, and says `any` or `never`. */
export type ModelFor<D> = 0 extends 1 & D
  ? Model
  : [D] extends [never]
    ? Model
    : D extends OneWayDialect
      ? OneWayModel
      : Model;

/**
 * A model to call, at `tcp://host:port`, at a Unix socket (`unix:///path`, `unix:@name`), or behind a carrier of your own; or several equal ones behind one. Nothing is
 * opened before the first call, and never a connection without a message: a port probe alone kills the kind of server
 * that this is for. Where the dialect's `reply` is `noReply()` calls resolve with nothing: see OneWayModel.
 *
 * @throws BridgeError BRIDGE_TARGET when a target is not understood, or is there twice, BRIDGE_OPTION when an option's value
 *   is none, or for an `output` where no replies come; TransportError TRANSPORT_BAD_OPTION for a limit that is none
 * @example
 * await using model = connect('tcp://127.0.0.1:6000');
 * const boxes = await model.call(frame);
 */
export function connect<D extends Dialect = Dialect>(
  target: Target,
  options?: ConnectOptions & { readonly dialect?: D },
): ModelFor<D>;
export function connect(target: Target, given: ConnectOptions = {}): Model | OneWayModel {
  const options = optionsOf<ConnectOptions>('options', given, { ...GUARDED, ...CALLING });
  const { guard, ...opened } = openGuard(target, options);
  const silent = opened.dialect.reply.carriesNothing === true;
  checkOption('output', options.output, !silent || options.output === undefined, 'none where no replies come');
  return new GuardedModel(guard, { ...opened, ...checkCalling(options) });
}

/** How to call, whatever there is to be called. */
export type CallingOptions = Omit<ConnectOptions, keyof GuardedOptions>;

/** For whoever takes these options and more. */
export const CALLING: Names<CallingOptions> = { input: true, output: true, schema: true, retry: true };

/**
 * What a model goes by in calling, where it was given or left out.
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkCalling(
  options: CallingOptions,
): Pick<GuardedModelOptions, 'input' | 'output' | 'learn' | 'retry'> {
  const { schema, input, output, retry } = options;
  checkOption('schema', schema, schema === undefined || schema === 'learn', "'learn'");
  return {
    input: checkDeclared('input', input),
    output: checkDeclared('output', output),
    learn: schema === 'learn',
    retry: checkRetry(retry),
  };
}
