/**
 * Completion for bash, and for zsh, which understands it.
 *
 * @module
 */
import type { CommandDescription } from "./command.ts";
import { type Offer, offerOf, operandOffers } from "./completion_offers.ts";

/**
 * Makes the script for bash, 3.2 or later.
 *
 * @param commands All commands.
 * @returns The script.
 *
 * @example
 * ```ts
 * import { bashCompletions } from "./completions_bash.ts";
 *
 * console.log(bashCompletions([]).includes("complete -F _outis outis")); // true
 * ```
 */
export function bashCompletions(
  commands: readonly CommandDescription[],
): string {
  const names = commands.map(({ name }) => name).join(" ");
  const options = commands.map(({ name, options }) => {
    const own = Object.keys(options).map((option) => `--${option}`);
    return `${name}) echo ${own.join(" ")};;`;
  });
  const offers = commands.flatMap((command) => [
    ...Object.entries(command.options).flatMap(([name, option]) => {
      const offer = offerOf(option);
      return offer ? [`${command.name}:--${name}) ${said(offer)};;`] : [];
    }),
    ...operandOffers(command).map((offer, place) =>
      `${command.name}:${place}) ${said(offer)};;`
    ),
  ]);
  const indented = (lines: string[]) =>
    lines.map((line) => `    ${line}`).join("\n");
  return `# Completion of outis.
_outis_options() {
  case "$1" in
${indented(options)}
  esac
}
# What the value of an option, or the argument at a place, can be.
_outis_offer() {
  case "$1:$2" in
${indented(offers)}
    *) return 1;;
  esac
}
_outis() {
  local current="\${COMP_WORDS[COMP_CWORD]}"
  local previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}"
  local offer place=0 i=2
  local IFS=$' \\t\\n'
  COMPREPLY=()
  # --name=value comes in three words.
  if [[ "$current" == "=" ]]; then
    current=""
  elif [[ "$previous" == "=" ]]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  if [[ $COMP_CWORD -eq 1 ]] ||
    [[ "$command" == "help" && $COMP_CWORD -eq 2 ]]; then
    COMPREPLY=($(compgen -W "${names} help" -- "$current"))
    return
  fi
  if ! offer=$(_outis_offer "$command" "$previous"); then
    if [[ "$current" == -* ]]; then
      COMPREPLY=($(compgen -W "$(_outis_options "$command")" -- "$current"))
      return
    fi
    while [[ $i -lt $COMP_CWORD ]]; do
      if [[ "\${COMP_WORDS[i]}" != -* ]]; then
        place=$((place + 1))
      elif _outis_offer "$command" "\${COMP_WORDS[i]}" > /dev/null; then
        [[ "\${COMP_WORDS[i+1]}" == "=" ]] && i=$((i + 1))
        i=$((i + 1))
      fi
      i=$((i + 1))
    done
    offer=$(_outis_offer "$command" "$place") || return
  fi
  case "$offer" in
    words*) COMPREPLY=($(compgen -W "\${offer#words}" -- "$current"));;
    folders | files)
      # Names may hold spaces.
      IFS=$'\\n'
      if [[ "$offer" == "folders" ]]; then
        COMPREPLY=($(compgen -d -- "$current"))
      else
        COMPREPLY=($(compgen -f -- "$current"))
      fi
      compopt -o filenames 2> /dev/null
      ;;
  esac
}
complete -F _outis outis`;
}

/**
 * Makes the script for zsh.
 *
 * @param commands All commands.
 * @returns The script.
 *
 * @example
 * ```ts
 * import { zshCompletions } from "./completions_bash.ts";
 *
 * console.log(zshCompletions([]).includes("bashcompinit")); // true
 * ```
 */
export function zshCompletions(
  commands: readonly CommandDescription[],
): string {
  return `autoload -Uz compinit bashcompinit
(( $+functions[compdef] )) || compinit
bashcompinit
${bashCompletions(commands)}`;
}

function said(offer: Offer): string {
  return offer.kind === "words"
    ? `echo words ${offer.words.join(" ")}`
    : `echo ${offer.kind}`;
}
