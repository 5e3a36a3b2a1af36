// Every attack, by the file that has it. One line each.
import type { Attack } from './attack.ts';
import { laneAttacks } from './lane/lane.ts';

export const attacks: readonly Attack[] = [...laneAttacks];
