// The steps that the relay has reported for one message. No I/O.

export class MessageSteps {
  /** True once the relay has the message. Later frames are about this message, and not about the end of the connection before. */
  begun = false;
  /** True once a connection was made for the message. From here on nothing proves that the model did not see the message. */
  connected = false;
  /** True once the whole message was handed to the system. */
  sent = false;

  /** Returns true for a frame that reports a step again. Steps count as signs of life, so none may be repeated. */
  isRepeated(kind: string): boolean {
    if (!this.begun) return false;
    return kind === 'A' || (kind === 'O' && this.connected) || (kind === 'S' && this.sent);
  }
}
