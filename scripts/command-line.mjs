// The command lines of the programs beside the packages (benchmarks, fuzzer): their options, or what is said in place of a run.

/** @typedef {{ readonly say: string, readonly exitCode: 0 | 2 }} Instead */

/**
 * What `parse` makes of the arguments, unless they ask for help or are wrong.
 * @template T
 * @param {readonly string[]} args
 * @param {string} usage what `--help` says
 * @param {(args: string[]) => T} parse throws an Error whose first sentence says what is wrong
 * @returns {T | Instead}
 */
export function optionsOr(args, usage, parse) {
  if (args.includes('--help')) return { say: usage, exitCode: 0 };
  try {
    return parse([...args]);
  } catch (error) {
    // parseArgs' own message goes on with advice that is meant for others.
    const [what] = /** @type {Error} */ (error).message.split(/\.\s/);
    return { say: `${what}. --help tells what there is.`, exitCode: 2 };
  }
}

/** @param {Instead} instead */
export function sayInstead({ say, exitCode }) {
  (exitCode === 0 ? console.log : console.error)(say);
  process.exitCode = exitCode;
}
