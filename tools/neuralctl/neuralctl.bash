# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion of neuralctl for bash.

_neuralctl_networks() {
	neuralctl list 2>/dev/null | sed '1d; s/ .*//'
}

_neuralctl() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} options='' words='' i n=0
	local rows='--csv --input --real --top --json'

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		words='run predict load candidate promote drop unload save list show verify stats'
		words="$words --help --version"
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		return
	fi
	case $prev in
	--simd-level)
		words='auto generic sse2 avx2 avxvnni avx512 avx512vnni'
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		return
		;;
	--layers)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--input | --top | --layers-row | --name | --share | --every) return ;;
	esac
	case $command in
	run) options="$rows --simd-level --layers --layers-row" ;;
	predict) options=$rows ;;
	load) options='--name --replace --firmware --json' ;;
	candidate) options='--share --every' ;;
	list | show | verify | stats) options=--json ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options --help" -- "$cur")
		return
	fi
	# Words before this one that are no options, nor what belongs to one.
	for ((i = 2; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--simd-level | --layers | --input | --top | --layers-row | --name | --share | --every)
			i=$((i + 1))
			;;
		-*) ;;
		*) n=$((n + 1)) ;;
		esac
	done
	case $command:$n in
	predict:0 | candidate:0 | promote:0 | drop:0 | unload:0 | save:0 | stats:0)
		mapfile -t COMPREPLY < <(compgen -W "$(_neuralctl_networks)" -- "$cur")
		;;
	show:0)
		mapfile -t COMPREPLY < <(compgen -W "$(_neuralctl_networks)" -- "$cur"
			compgen -f -- "$cur")
		;;
	run:[012] | predict:[12] | load:0 | candidate:1 | save:1 | verify:0)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	esac
}

complete -o filenames -F _neuralctl neuralctl
