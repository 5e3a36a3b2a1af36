// Lists all attacks, one line for each file.
import type { Attack } from './attack.ts';
import { commandAttacks } from './command.ts';
import { emptyArrays } from './empty-arrays.ts';
import { laneDripping } from './lane/dripping.ts';
import { laneAttacks } from './lane/lane.ts';
import { outputAttacks } from './launch/outputs.ts';
import { portAttacks } from './launch/port.ts';
import { publishedPortAttacks } from './launch/published.ts';
import { listenerDeclared } from './listener/declared.ts';
import { listenerKept } from './listener/kept.ts';
import { listenerPlaces } from './listener/places.ts';
import { pickleAttacks } from './pickles.ts';
import { recorders } from './recorder.ts';
import { dripping } from './turns/dripping.ts';
import { fairness } from './turns/fairness.ts';
import { turnStrangers } from './turns/strangers.ts';
import { twoWrites } from './two-writes.ts';

export const attacks: readonly Attack[] = [
  ...commandAttacks,
  ...laneAttacks,
  ...laneDripping,
  ...outputAttacks,
  ...portAttacks,
  ...publishedPortAttacks,
  ...emptyArrays,
  ...pickleAttacks,
  ...recorders,
  ...twoWrites,
  ...fairness,
  ...turnStrangers,
  ...dripping,
  ...listenerPlaces,
  ...listenerKept,
  ...listenerDeclared,
];
