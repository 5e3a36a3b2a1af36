// Callers occupy a listener's places or its memory, and connect again when they are closed. The figure is the share that is left
// for good hosts.
import type { Attack } from '../attack.ts';
import { besiege, type Siege } from './besieged.ts';

const MB = 1_000_000;
const HELD = { maxMessageBytes: 64 * MB, maxHeldBytes: 64 * MB };

const SIEGES: Readonly<Record<string, Siege>> = {
  '256 dripping connections': { conducts: ['drip'], count: 256 },
  '300 silent connections that come again': { conducts: ['silent'], count: 300 },
  'two half messages that fill maxHeldBytes': { conducts: ['half'], count: 2, halfBytes: 32 * MB - 1000, limits: HELD },
  'half messages of many sizes': { conducts: ['halves of many sizes'], count: 60, limits: HELD },
  '256 idle kept connections': { conducts: ['idle'], count: 256 },
  '256 that drip behind a reply': { conducts: ['drip behind a reply'], count: 256 },
  '60 hosts that pour': { conducts: ['pour'], count: 60 },
  'a mixture, over a Unix socket': { conducts: ['drip', 'silent', 'idle'], count: 400, over: 'unix' },
  'a mixture, in front of a relay': { conducts: ['drip', 'silent', 'idle'], count: 400, over: 'relay' },
};

const mixture: Attack = {
  name: 'listener: a mixture of 400, evenness',
  unit: "least served good host's share of the most served one's",
  bound: { atLeast: 0.7 },
  run: async (tree) => (await besiege(tree, { conducts: ['drip', 'silent', 'idle'], count: 400 })).evenness,
};

export const listenerPlaces: readonly Attack[] = [
  ...Object.entries(SIEGES).map(([name, siege]): Attack => {
    return {
      name: `listener: ${name}`,
      unit: 'share of good requests served',
      bound: { atLeast: 0.95 },
      run: async (tree) => {
        const { asked, served } = await besiege(tree, siege);
        return served / asked;
      },
    };
  }),
  mixture,
];
