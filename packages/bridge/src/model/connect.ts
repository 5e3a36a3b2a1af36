// `connect` makes a model of its targets: addresses, or carriers of the user's own.
import type { ArrayInput } from '@bridge/npy';
import type { Codec, CodecPair, Named, NamedArraysCodec } from '../codecs/codec.ts';
import type {
  ArrayOf,
  KnownNames,
  NamedArraysOf,
  ReplyCodec,
  RequestCodec,
  SchemaIn,
  TellsNothing,
} from '../codecs/declared.ts';
import { checkDeclared, type Schema } from '../codecs/schema.ts';
import type { OneWayDialect } from '../dialects/dialect.ts';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import { GuardedModel, type GuardedModelOptions } from './guarded-model.ts';
import { checkRetry, type Model, type NamedArraysModel, type OneWayModel, type Retry } from './model.ts';
import { GUARDED, type GuardedOptions, openGuard, type Target } from './open-guard.ts';

/** Options of `connect`. */
export interface ConnectOptions extends GuardedOptions {
  /**
   * The arrays that the model takes: a schema, or one for each name where the codec carries names. Calls refuse anything else before it is
   * sent.
   */
  readonly input?: Schema | undefined;
  /** The arrays that the model answers with, in the same form. A dtype that is given here types the replies. */
  readonly output?: Schema | undefined;
  /**
   * `learn`: the first call that succeeds declares what `input` and `output` did not: the input's dtype and shape, and the reply's
   * dtype and number of axes. Later calls are held to that.
   */
  readonly schema?: 'learn' | undefined;
  /** The condition on which a message that was not answered is sent again: see Retry. Default `unseen`. */
  readonly retry?: Retry | undefined;
}

/** The model that `connect` gives for options of type `O`: its codec, dialect and `output` say which. */
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
 * Returns a model to call, at `tcp://host:port`, at a Unix socket (`unix:///path`, `unix:@name`), or behind a carrier of your own; or
 * several equal ones behind one. Nothing is opened before the first call, and never a connection without a message: a port probe alone
 * kills the kind of server that this is for. Where the dialect's `reply` is `noReply()`, calls resolve with nothing: see OneWayModel.
 * Where the codec carries names, records go in and come out: see NamedArraysModel.
 *
 * @throws BridgeError BRIDGE_TARGET for a target that is not understood, or is there twice; BRIDGE_OPTION for an option that is unknown or
 *   has an invalid value, or for an `output` where no replies come; TransportError TRANSPORT_BAD_OPTION for an invalid limit
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
  const { guard, ...opened } = openGuard(target, options);
  return new GuardedModel(guard, { ...opened, ...checkCalling(options, opened.codec) });
}

/** The options that concern calls, for an address as for a launched model. */
export type CallingOptions = Pick<ConnectOptions, 'input' | 'output' | 'schema' | 'retry'>;

/** The names of these options, for functions that take others beside them. */
export const CALLING: Names<CallingOptions> = { input: true, output: true, schema: true, retry: true };

/**
 * Returns how a model is called, where it was given or left out.
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkCalling(
  { schema, input, output, retry }: CallingOptions,
  codec: CodecPair,
): Pick<GuardedModelOptions, 'input' | 'output' | 'learn' | 'retry'> {
  checkOption('schema', schema, schema === undefined || schema === 'learn', "'learn'");
  checkOption('output', output, codec.reply !== null || output === undefined, 'no schema where no replies come');
  return {
    input: checkDeclared('input', input, codec.request.carries),
    output: checkDeclared('output', output, codec.reply?.carries ?? 'array'),
    learn: schema === 'learn',
    retry: checkRetry(retry),
  };
}
