// The completion script for bash 3.2, which macOS has, and newer. The script does not need the package bash-completion.
//
// bash also splits words at `:` and `=`, and completes only the part behind the last of them. So the script splits the line itself, and its
// replies begin where that last part begins.
import type { AnyOption, Offers } from '../options/option.ts';
import { inQuotes, type NamedSubcommand, offersAny, type Script } from './script-contract.ts';

export const bash: Script = (
  subcommands,
  own,
) => `# Completion of npbridge for bash. Load it by: source <(npbridge completion bash)
_npbridge() {
  local line=\${COMP_LINE:0:COMP_POINT} word='' options='${flagsOf(own)}' takes='' after='' place=0 i each
  local offered='' files=''
  local -a words
  read -ra words <<< "$line"
  if [[ $line != *[[:space:]] ]]; then
    word=\${words[\${#words[@]} - 1]}
    unset "words[\${#words[@]} - 1]"
  fi
  case \${words[1]} in
${subcommands.map(armOf).join('\n')}
  esac
  # The option whose value the word is, or the number of positionals in front of the word.
  for ((i = 2; i < \${#words[@]}; i++)); do
    each=\${words[i]}
    if [[ -n $after ]]; then after=''
    elif [[ " $takes " == *" $each "* ]]; then after=$each
    elif [[ $each != -* ]]; then place=$((place + 1))
    fi
  done
  if [[ -z $after && $word == --*=* ]]; then after=\${word%%=*}; fi
  case \${words[1]}/\${after:-$place} in
    /*) offered='${subcommands.map(({ name }) => name).join(' ')}' ;;
${subcommands.flatMap(offersOf).join('\n')}
  esac
  if [[ -z $after && $word == -* ]]; then offered=$options files=''; fi
  _npbridge_reply
}

# Sets COMPREPLY to the offered words and files that begin like the word, without the parts of the word that bash has split off.
_npbridge_reply() {
  local breaks=\${COMP_WORDBREAKS//[^:=]/} value=$word begun='' reply end
  if [[ $word == --*=* ]]; then value=\${word#*=}; fi
  if [[ -n $breaks ]]; then begun=\${value%"\${value##*[$breaks]}"}; fi
  COMPREPLY=()
  while read -r reply; do
    if [[ -n $reply ]]; then COMPREPLY+=("\${reply#"$begun"}"); fi
  done < <(compgen -W "$offered" -- "$value")
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[^A-Za-z0-9] ]]; then compopt -o nospace 2> /dev/null; fi
  if [[ -n $files ]]; then
    compopt -o filenames 2> /dev/null
    while read -r reply; do
      COMPREPLY+=("$reply")
    done < <(
      for end in $files; do compgen -f -X "!*$end" -- "\${COMP_WORDS[COMP_CWORD]}"; done
      compgen -d -- "\${COMP_WORDS[COMP_CWORD]}"
    )
  fi
}

complete -F _npbridge npbridge
`;

function armOf({ name, subcommand: { options } }: NamedSubcommand): string {
  const takes = flagsOf(options.filter(({ value }) => value));
  return `    ${name}) options='${flagsOf(options)}' takes='${takes}' ;;`;
}

function flagsOf(options: readonly AnyOption[]): string {
  return options.map(({ flag }) => `--${flag}`).join(' ');
}

function offersOf({ name, subcommand: { options, positionals } }: NamedSubcommand): string[] {
  const arms = [
    ...options.map(({ flag, value }) => [`--${flag}`, value?.offers] as const),
    ...positionals.map(({ value }, place) => [place, value.offers] as const),
  ];
  return arms
    .filter(([, offers]) => offersAny(offers))
    .map(([after, offers]) => `    ${name}/${after}) ${assigned(offers)} ;;`);
}

function assigned({ words = [], files = [] }: Offers = {}): string {
  return `offered=${inQuotes(words.join(' '))} files=${inQuotes(files.join(' '))}`;
}
