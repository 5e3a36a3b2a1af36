// The limits of a reply. A relay holds the messages of its hosts to the same limits.
import type { ReplyLimits } from '@bridge/transport';
import { count, milliseconds } from './number.ts';
import type { Options } from './option.ts';

export const replyLimits: Options<Partial<ReplyLimits>> = {
  maxMessageBytes: {
    flag: 'max-message-bytes',
    value: count,
    help: 'the most bytes that a message or reply may have',
    default: '1 GiB',
  },
  stallMs: {
    flag: 'stall-ms',
    value: milliseconds,
    help: 'within this time a message that has begun has to end, or to bring --stall-bytes more',
    default: '10000',
  },
  stallBytes: { flag: 'stall-bytes', value: count, help: 'the bytes that --stall-ms asks for', default: '1024' },
};
