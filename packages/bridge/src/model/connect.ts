// `connect`: returns a model that is called at its targets, which are addresses, or carriers that the user has written.
import type { ArrayInput } from '@bridge/npy';
import type { Codec, CodecPair, Named, NamedArraysCodec } from '../codecs/codec.ts';
import { checkDeclared, type Schema } from '../codecs/schema.ts';
import type {
  ArrayOf,
  KnownNames,
  NamedArraysOf,
  ReplyCodec,
  RequestCodec,
  SchemaIn,
  TellsNothing,
} from '../codecs/types-from-options.ts';
import type { OneWayDialect } from '../dialects/dialect.ts';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import { GuardedModel, type GuardedModelOptions } from './guarded-model.ts';
import { GUARDED, type GuardedOptions, makeGuard, type Target } from './make-guard.ts';
import { checkRetry, type Model, type NamedArraysModel, type OneWayModel, type Retry } from './model.ts';

/** Options of `connect`. */
export interface ConnectOptions extends GuardedOptions {
  /**
   * The arrays that the model takes: a schema, or one for each name if the codec carries named arrays. A call with any other array is
   * rejected with BRIDGE_SCHEMA, and nothing is sent.
   */
  readonly input?: Schema | undefined;
  /** The arrays of the model's replies, in the same form. A dtype that is declared here is also the type of the replies. */
  readonly output?: Schema | undefined;
  /**
   * `learn`: the first call that succeeds fills in `input` or `output` if it is missing: the input's dtype and shape, the reply's dtype and
   * number of axes. Later calls are checked against that. Default: nothing is filled in.
   */
  readonly schema?: 'learn' | undefined;
  /** The condition under which a message that was not answered is sent again: see Retry. Default `unseen`. */
  readonly retry?: Retry | undefined;
}

/** The type of the model that `connect` returns for options of type `O`. It follows from the codec, the dialect and `output`. */
export type ModelFor<O> =
  TellsNothing<O> extends true
    ? Model
    : IsOneWay<O> extends true
      ? OneWayModel<RequestCodec<O> extends NamedArraysCodec ? Named<ArrayInput> : ArrayInput>
      : ReplyCodec<O> extends NamedArraysCodec
        ? NamedArraysModel<NamedArraysOf<SchemaIn<O, 'output'>>>
        : Model<ArrayOf<SchemaIn<O, 'output'>>>;

type IsOneWay<O> = O extends { readonly dialect: OneWayDialect }
  ? true
  : O extends { readonly codec: { readonly request: Codec; readonly reply: null } }
    ? true
    : false;

/**
 * Returns a model to call at `tcp://host:port`, at a Unix socket (`unix:///path`, `unix:@name`), or through a carrier of your own. A list
 * of several equal models is called like one. No connection is opened before the first call, and none without a message: a mere port probe
 * kills the kind of server that this package is for. If the dialect's `reply` is `noReply()`, calls resolve with undefined (OneWayModel).
 * If the codec carries named arrays, calls take and resolve with records of arrays (NamedArraysModel).
 *
 * @throws BridgeError BRIDGE_TARGET if a target is invalid, or listed twice; BRIDGE_OPTION if an option is unknown or invalid, or `output`
 *   is given for a model without replies; TransportError TRANSPORT_BAD_OPTION if a limit is invalid
 * @example
 * await using model = connect('tcp://127.0.0.1:6000', { output: { dtype: 'float32' } });
 * const boxes = await model.call(frame); // NdArray<Float32Array>
 */
export function connect<const O extends ConnectOptions = Record<never, never>>(
  target: Target,
  options?: O & KnownNames<O, ConnectOptions>,
): ModelFor<O>;
export function connect(target: Target, given: ConnectOptions = {}): unknown {
  const options = optionsOf<ConnectOptions>('options', given, { ...GUARDED, ...CALLING });
  const { guard, ...opened } = makeGuard(target, options);
  return new GuardedModel(guard, { ...opened, ...checkCalling(options, opened.codec) });
}

/** The options about calls, which `connect` and `launch` both have. */
export type CallingOptions = Pick<ConnectOptions, 'input' | 'output' | 'schema' | 'retry'>;

/** The names of CallingOptions, for functions that have other options as well. */
export const CALLING: Names<CallingOptions> = { input: true, output: true, schema: true, retry: true };

/**
 * Returns the checked options about calls, with defaults for those that were left out.
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkCalling(
  { schema, input, output, retry }: CallingOptions,
  codec: CodecPair,
): Pick<GuardedModelOptions, 'input' | 'output' | 'learn' | 'retry'> {
  checkOption('schema', schema, schema === undefined || schema === 'learn', "'learn'");
  checkOption(
    'output',
    output,
    codec.reply !== null || output === undefined,
    'nothing, because the model has no replies',
  );
  return {
    input: checkDeclared('input', input, codec.request.carries),
    output: checkDeclared('output', output, codec.reply?.carries ?? 'array'),
    learn: schema === 'learn',
    retry: checkRetry(retry),
  };
}
