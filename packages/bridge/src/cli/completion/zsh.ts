// The completion script for zsh. It works as the file _npbridge in a folder of $fpath, and also if it is sourced after compinit.
import type { AnyOption, Offers, Positional } from '../options/option.ts';
import { inQuotes, isBeginning, type NamedSubcommand, type Script } from './script-contract.ts';

export const zsh: Script = (subcommands, own) => `#compdef npbridge
# Completion of npbridge for zsh. Load it after compinit by: source <(npbridge completion zsh)
_npbridge() {
  local curcontext=$curcontext state
  local -a line subcommands
  _arguments -C ${own.flatMap(specsOf).join(' ')} '1: :->subcommand' '*:: :->arguments'
  case $state in
    subcommand)
      subcommands=(
${subcommands.map(({ name, summary }) => `        ${inQuotes(`${name}:${summary}`)}`).join('\n')}
      )
      _describe -t subcommands subcommand subcommands ;;
    arguments)
      case $words[1] in
${subcommands.map(armOf).join('\n')}
      esac ;;
  esac
}

# Offers whole words, and beginnings of words, behind which zsh adds no space.
_npbridge_words() {
  local -a whole begun
  local word
  for word in "$@[2,-1]"; do
    if [[ $word == *[^A-Za-z0-9] ]]; then begun+=("$word"); else whole+=("$word"); fi
  done
  local -a expl
  _wanted values expl "$1" compadd -a whole
  _wanted values expl "$1" compadd -S '' -a begun
}

if [[ $funcstack[1] == _npbridge ]]; then
  _npbridge "$@"
else
  compdef _npbridge npbridge
fi
`;

function armOf({ name, subcommand: { options, positionals } }: NamedSubcommand): string {
  const specs = [...options.flatMap(specsOf), ...positionals.map(placeOf)];
  return `        ${name})
          _arguments \\
            ${specs.join(' \\\n            ')} ;;`;
}

/** Returns the specifications of an option: one for its flag, and one for its letter. */
function specsOf({ flag, short, value, help, repeats, alone }: AnyOption): string[] {
  const names = [`--${flag}${value ? '=' : ''}`, ...(short === undefined ? [] : [`-${short}`])];
  const taken = value ? `:${escaped(value.word)}:${actionOf(value.word, value.offers)}` : '';
  // Nothing follows an option that stands alone.
  const before = `${alone ? '(- :)' : ''}${repeats ? '*' : ''}`;
  return names.map((name) => inQuotes(`${before}${name}[${escaped(help)}]${taken}`));
}

function placeOf({ name, value, optional }: Positional<unknown>, i: number): string {
  return inQuotes(`${i + 1}:${optional ? ':' : ''}${escaped(name)}:${actionOf(name, value.offers)}`);
}

function actionOf(name: string, { words = [], files = [] }: Offers = {}): string {
  if (files.length > 0) return `_files -g "${files.map((end) => `*${end}`).join(' ')}"`;
  if (words.length === 0) return ' ';
  if (!words.some(isBeginning)) return `(${words.map(escaped).join(' ')})`;
  // The space in front makes zsh call the function without words of its own.
  return ` _npbridge_words ${escaped(inQuotes(name))} ${words.map(escaped).join(' ')}`;
}

/** Returns a string in which no character ends a part of a specification. */
function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}
