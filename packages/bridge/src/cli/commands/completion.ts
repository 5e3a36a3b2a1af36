// npbridge completion: prints a script with which a shell completes the command lines of npbridge. The script contains every subcommand and
// option, so that a shell does not have to start this program to complete a word.
import { bash } from '../completion/bash.ts';
import { fish } from '../completion/fish.ts';
import type { NamedSubcommand, Script } from '../completion/script-contract.ts';
import { zsh } from '../completion/zsh.ts';
import { optionsIn, type Table, type Value } from '../options/option.ts';
import { programOptions } from '../options/program-options.ts';
import { EXIT, type Row, type Subcommand, subcommand } from '../subcommand.ts';

const SHELLS: Readonly<Record<string, Script>> = { bash, zsh, fish };

const shell: Value<Script> = {
  word: 'SHELL',
  expected: 'bash, zsh or fish',
  offers: { words: Object.keys(SHELLS) },
  read: (text) => (Object.hasOwn(SHELLS, text) ? SHELLS[text] : undefined),
};

/** Returns the subcommand that prints the script for these subcommands. */
export function completionOf(rows: Readonly<Record<string, Row>>): Subcommand {
  return subcommand<{ readonly script: Script }, object>({
    about: [
      `Prints a script with which SHELL (bash, zsh or fish) completes subcommands, options and their values. One of these lines loads it
      whenever the shell starts:`,
      `~/.bashrc: source <(npbridge completion bash)`,
      `~/.zshrc, after compinit: source <(npbridge completion zsh)`,
      `~/.config/fish/config.fish: npbridge completion fish | source`,
    ],
    positionals: { script: { name: 'SHELL', value: shell } },
    options: {},

    async run({ script }) {
      const all = Object.entries(rows).map(async ([name, { summary, load }]) => {
        return { name, summary, subcommand: await load() };
      });
      const own = optionsIn(programOptions as Table);
      process.stdout.write(script([...(await Promise.all(all)), help(Object.keys(rows))], own));
      return EXIT.done;
    },
  });
}

/** Returns the declaration of `npbridge help SUBCOMMAND`, which main.ts runs itself. */
function help(names: readonly string[]): NamedSubcommand {
  const value: Value<string> = {
    word: 'SUBCOMMAND',
    expected: 'a subcommand',
    offers: { words: names },
    read: (text) => text,
  };
  const positionals = [{ name: value.word, value, optional: true }];
  return { name: 'help', summary: 'tell more', subcommand: { positionals, options: [] } };
}
