// The codec of one model with its schemas: encodes inputs to messages and decodes replies, and holds both against the schemas that were
// declared or learned.
import { type DTypeName, isNpyError } from '@bridge/npy';
import { badReply } from '../codecs/bad-message.ts';
import { decodeChecked, decodeDeclared, encodeChecked, kindOfDecoded } from '../codecs/checked-messages.ts';
import type { CodecPair, Encoded, MessageArrays, MessageKind } from '../codecs/codec.ts';
import { checkSchema, type Schema, schemaOfInput, schemaOfOutput } from '../codecs/schema.ts';
import { checkOption } from '../errors/options.ts';

export interface CodecWithSchemasOptions {
  readonly codec: CodecPair;
  readonly input: Schema | undefined;
  readonly output: Schema | undefined;
  /** True for `schema: 'learn'`. */
  readonly learn: boolean;
  /** Bytes of the largest message that can be sent to every replica. */
  readonly maxMessageBytes: number;
}

/** The result of a call: an array, a record of arrays, or undefined if the model has no replies. */
export type Output = MessageArrays | undefined;

export class CodecWithSchemas {
  readonly #options: CodecWithSchemasOptions;
  #input: Schema | undefined;
  #output: Schema | undefined;
  #learning: boolean;

  constructor(options: CodecWithSchemasOptions) {
    this.#options = options;
    this.#input = options.input;
    this.#output = options.output;
    this.#learning = options.learn;
  }

  get schema(): { readonly input: Schema | undefined; readonly output: Schema | undefined } {
    return { input: this.#input, output: this.#output };
  }

  /** @throws BridgeError BRIDGE_OPTION if a call asks for a dtype and a reply has no array or several of them */
  checkDType(dtype: DTypeName | undefined): void {
    const carries = this.#options.codec.reply?.carries ?? 'nothing';
    checkOption(
      'dtype',
      dtype,
      dtype === undefined || carries === 'array',
      `nothing, because a reply carries ${carries}`,
    );
  }

  /** Returns the message of a call's input. @throws NpyError; BridgeError BRIDGE_SCHEMA; TransportError TRANSPORT_TOO_LARGE */
  encode(input: unknown): Encoded<MessageKind> {
    const { codec, maxMessageBytes } = this.#options;
    const encoded = encodeChecked(codec.request, input, maxMessageBytes);
    checkSchema('input', this.#input, encoded.kind);
    return encoded;
  }

  /**
   * Returns the arrays of a reply; undefined if the model has no replies.
   * @param target the replica that replied
   * @param sent the kind of the input, from which its schema is learned
   * @throws BridgeError BRIDGE_BAD_REPLY, BRIDGE_SCHEMA; NpyError NPY_DTYPE if the reply has another dtype than `dtype`
   */
  decode(bytes: Uint8Array, target: string, dtype: DTypeName | undefined, sent: MessageKind | undefined): Output {
    const { reply: codec } = this.#options.codec;
    let output: Output;
    try {
      if (codec) output = dtype ? decodeChecked(codec, bytes, { dtype }) : decodeDeclared(codec, bytes, this.#output);
    } catch (error) {
      // A reply with another dtype than the caller asked for is not the model's fault.
      if (isNpyError(error, 'NPY_DTYPE')) throw error;
      throw badReply(error, codec, { target, bytes: bytes.length }, bytes);
    }
    if (codec && output && (this.#output || this.#learning)) {
      const kind = kindOfDecoded(output, codec);
      checkSchema('output', this.#output, kind);
      if (this.#learning) this.#output ??= schemaOfOutput(kind);
    }
    if (this.#learning && sent) {
      this.#learning = false;
      this.#input ??= schemaOfInput(sent);
    }
    return output;
  }
}
