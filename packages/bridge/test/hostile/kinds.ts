// All kinds of hostile peers, by name.
import type { Kind } from './campaign.ts';
import { execRelays, outputs } from './exec-relays.ts';
import { laneFolders } from './lane-folders.ts';
import { laneFrames } from './lane-frames.ts';
import { replies } from './replies.ts';

/** Each kind has its share of all cases. */
export const KINDS: Readonly<Record<string, { readonly share: number; readonly make: () => Promise<Kind> }>> = {
  'lane frames': { share: 0.4, make: laneFrames },
  'lane folders': { share: 0.05, make: laneFolders },
  'replies by port': { share: 0.25, make: replies },
  'a relay through exec': { share: 0.15, make: execRelays },
  'outputs of a container': { share: 0.15, make: outputs },
};
