// A host process that performs random operations until it has done enough, or is killed. It prints a line when it begins an
// operation, and one when the operation is over, each with the operation's number:
//   {"begun":12,"what":"abort"}   {"over":12,"outcome":"ABORTED"}   {"over":12,"wrong":"TRANSPORT_CLOSED_BEFORE_REPLY: …"}
import { writeSync } from 'node:fs';
import { connect } from '../../src/index.ts';
import { OPERATIONS } from './operations.ts';
import { Random } from './random.ts';

/** The plan that a host follows. */
export interface HostPlan {
  readonly target: string;
  readonly seed: number;
  /** The host's number in the run. No two hosts use the same frame ids. */
  readonly host: number;
  readonly inFlight: 1 | 2;
  readonly operations: number;
  readonly callers: number;
}

export type HostLine =
  | { readonly begun: number; readonly what: string }
  | { readonly over: number; readonly outcome: string }
  | { readonly over: number; readonly wrong: string };

const IDS_EACH = 1_000_000;

const plan: HostPlan = JSON.parse(process.argv[2] ?? '');
const model = connect(plan.target, {
  inFlight: plan.inFlight,
  input: { dtype: 'float64', shape: [null] },
});
let lastId = plan.host * IDS_EACH;
let begun = 0;

const caller = async (number: number): Promise<void> => {
  const random = new Random(plan.seed, plan.host, number);
  while (begun < plan.operations) {
    const at = begun++;
    const [what, run] = random.weighted(OPERATIONS);
    say({ begun: at, what });
    try {
      const { target, inFlight } = plan;
      say({ over: at, outcome: await run({ target, inFlight, model, random, nextId: () => ++lastId }) });
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      say({ over: at, wrong: `${what}: ${code ?? ''} ${message}` });
    }
  }
};

/** Writes a line synchronously, so that it is not lost if the host is killed. */
function say(line: HostLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

await Promise.all(Array.from({ length: plan.callers }, (_, number) => caller(number)));
await model.close();
