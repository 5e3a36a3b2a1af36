// The completion script for fish.
import type { AnyOption, Offers } from '../options/option.ts';
import type { NamedSubcommand, Script } from './script-contract.ts';

export const fish: Script = (
  subcommands,
  own,
) => `# Completion of npbridge for fish. Load it by: npbridge completion fish | source

# True if the word is the positional of SUBCOMMAND with PLACE positionals in front of it: SUBCOMMAND PLACE [OPTION WITH A VALUE …]
function __npbridge_place
  set -l words (commandline -opc)
  test "$words[2]" = "$argv[1]"; or return 1
  set -l place 0
  set -l skip 0
  for word in $words[3..-1]
    if test $skip = 1
      set skip 0
    else if contains -- $word $argv[3..-1]
      set skip 1
    else if not string match -q -- '-*' $word
      set place (math $place + 1)
    end
  end
  test $place = $argv[2]
end

complete -c npbridge -f
${own.map((option) => optionLine('__fish_use_subcommand', option)).join('\n')}
${subcommands.flatMap(linesOf).join('\n')}
`;

function linesOf({ name, summary, subcommand: { options, positionals } }: NamedSubcommand): string[] {
  const taking = options.filter(({ value }) => value).map(({ flag }) => `--${flag}`);
  return [
    `complete -c npbridge -n __fish_use_subcommand -a ${name} -d ${quotedIn(summary)}`,
    ...options.map((option) => optionLine(`__fish_seen_subcommand_from ${name}`, option)),
    ...positionals.map(({ value }, i) => {
      const condition = ['__npbridge_place', name, i, ...taking].join(' ');
      return `complete -c npbridge -n ${quotedIn(condition)}${offered(value.offers)}`;
    }),
  ];
}

function optionLine(condition: string, { flag, short, value, help }: AnyOption): string {
  const names = short === undefined ? `-l ${flag}` : `-s ${short} -l ${flag}`;
  const taken = value ? ` -x${offered(value.offers)}` : '';
  return `complete -c npbridge -n ${quotedIn(condition)} ${names}${taken} -d ${quotedIn(help)}`;
}

function offered({ words = [], files = [] }: Offers = {}): string {
  const candidates = [...words, ...files.map((end) => `(__fish_complete_suffix ${end})`)];
  return candidates.length > 0 ? ` -a ${quotedIn(candidates.join(' '))}` : '';
}

/** Returns a string as one word of fish, in which a backslash escapes a quote. */
function quotedIn(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
