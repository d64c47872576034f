# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2207
#
# The suite's completion for bash, and through bashcompinit for zsh: before it stand __sw_commands, __sw_options and __sw_kind, which
# man/completion.awk reads off every --help. (zsh has no mapfile to read words with.)

# Columns of the file that the command line names, if there is one, and those that are derived.
__sw_columns() {
  local word line=
  for word in "${COMP_WORDS[@]}"; do
    [[ -f $word && -r $word ]] || continue
    case $word in
      *.swr) line=$(sw info "$word" 2>/dev/null | awk '/^ +[A-Za-z_]+ +(int|uint|decimal|time|date|text)/ { printf "%s,", $1 }') ;;
      *.gz) line=$(gzip -cd -- "$word" 2>/dev/null | head -n 1) ;;
      *) line=$(head -c 65536 -- "$word" 2>/dev/null | head -n 1) ;;
    esac
    [[ $line == *,* ]] && break
  done
  printf '%s\n' "$line" | tr -d '"\r' | tr , '\n'
  printf '%s\n' date hour time hour_start nanos order_quantity size value fill_ratio fill
}

__sw_zones() {
  printf '%s\n' UTC +00:00 +10:00
  [[ -r /usr/share/zoneinfo/tzdata.zi ]] && awk '$1 == "Z" { print $2 } $1 == "L" { print $3 }' /usr/share/zoneinfo/tzdata.zi
}

__sw_complete() {
  local command=${COMP_WORDS[0]##*/} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} kind front=
  COMPREPLY=()
  if [[ $command == sw ]]; then
    if [[ $COMP_CWORD -eq 1 || $before == help ]]; then
      COMPREPLY=($(compgen -W "$__sw_commands" -- "$word"))
      return
    fi
    command=${COMP_WORDS[1]}
  fi
  [[ $command == sw-* && -n $(__sw_options "$command") ]] || command=${command#sw-}
  # bash takes "--format=csv" for three words.
  [[ $word != '=' ]] || word=
  [[ $before != '=' ]] || before=${COMP_WORDS[COMP_CWORD-2]}
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$(__sw_options "$command")" -- "$word"))
    return
  fi
  kind=$(__sw_kind "$command:$before")
  # Of a list, the last word.
  case $kind:$word in columns:*,* | measures:*,*) front=${word%,*}, word=${word##*,} ;; esac
  case $kind in
    words\ *) kind=${kind#words } COMPREPLY=($(compgen -W "${kind//,/ }" -- "$word")) ;;
    columns) COMPREPLY=($(compgen -P "$front" -W "$(__sw_columns)" -- "$word")) ;;
    measures)
      [[ $word != *=* ]] || front=$front${word%%=*}= word=${word#*=}
      COMPREPLY=($(compgen -P "$front" -W 'count() sum( mean( std( min( max( distinct( wmean( vwap() median( quantile( quantile_disc( first( last(' -- "$word"))
      ;;
    zones) COMPREPLY=($(compgen -W "$(__sw_zones)" -- "$word")) ;;
  esac
}
