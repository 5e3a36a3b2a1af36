// The limits of a reply. A relay applies the same limits to the messages of its hosts.
import type { ReplyLimits } from '@bridge/transport';
import { count, milliseconds } from './number.ts';
import type { Options } from './option.ts';

export const replyLimits: Options<Partial<ReplyLimits>> = {
  maxMessageBytes: {
    flag: 'max-message-bytes',
    value: count,
    help: 'the most bytes of a message or reply',
    default: '1 GiB',
  },
  stallMs: {
    flag: 'stall-ms',
    value: milliseconds,
    help: 'the time within which a message that has begun has to end, or to bring --stall-bytes more',
    default: '10000',
  },
  stallBytes: {
    flag: 'stall-bytes',
    value: count,
    help: 'the bytes that have to arrive within --stall-ms',
    default: '1024',
  },
};
