# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# What every test script shares: where things are, how to speak, how to cache.
# Sourced, never run. Nothing here writes outside $NEURAL_CACHE, build/ and /tmp.

TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(dirname "$TESTS")
BUILD=${NEURAL_BUILD:-$TOP/build}
CACHE=${NEURAL_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/neural}
JOBS=${NEURAL_JOBS:-$(nproc)}
export LC_ALL=C
# An outer make must not lend its jobserver or its variables to ours.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }

# kbuild cannot live in a path with a space or a colon; say so before it does.
case $TOP$CACHE$BUILD in
*[[:space:]:]*) die "kbuild needs paths without blanks or colons: $TOP, $CACHE" ;;
esac

# run LOGFILE COMMAND...: quiet while it works, the tail of the log when not.
run() {
	local log=$1 rc=0
	shift
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 </dev/null || rc=$?
	if [ "$rc" -ne 0 ]; then
		say "failed ($rc): $*"
		tail -n 40 "$log" >&2
		say "the whole log: $log"
	fi
	return "$rc"
}

# locked NAME COMMAND...: one run at a time over the cache entry NAME.
locked() {
	local name=$1
	shift
	mkdir -p "$CACHE/lock"
	(
		flock 9
		"$@" 9>&-
	) 9>"$CACHE/lock/$name"
}

# commit_dir TMP FINAL: make a finished directory visible in one step. An entry
# that exists is complete; whatever was interrupted stays under tmp/.
commit_dir() {
	mkdir -p "$(dirname "$2")"
	rm -rf "$2"
	mv -T "$1" "$2"
}

# What an interrupted run left behind goes after half a day.
tmp_dir() {
	mkdir -p "$CACHE/tmp"
	find "$CACHE/tmp" -mindepth 1 -maxdepth 1 -mmin +720 -exec rm -rf {} +
	mktemp -d "$CACHE/tmp/$1.XXXXXX"
}

hash_of() { cat "$@" | sha256sum | cut -c1-12; }

# tree_list: the files of the work tree that are ours, as paths from the top.
# Falls back to find for a tarball. Files not committed yet count as well.
tree_list() {
	if git -C "$TOP" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git -C "$TOP" ls-files --cached --others --exclude-standard |
			grep -v '^build/' |
			while IFS= read -r f; do
				[ ! -f "$TOP/$f" ] || printf '%s\n' "$f"
			done
	else
		(cd "$TOP" && find . -type f -not -path './build/*' \
			-not -name '*.o' -not -name '*.ko' -not -name '.*.cmd' |
			sed 's,^\./,,' | sort)
	fi
}

# copy_tree DIR: a copy that a kernel build may litter. Files keep their times,
# so a second build in the same copy is incremental; files gone here go there.
copy_tree() {
	mkdir -p "$1"
	tree_list >"$1/.files.new"
	if [ -f "$1/.files" ]; then
		comm -23 <(sort "$1/.files") <(sort "$1/.files.new") |
			while IFS= read -r f; do rm -f "$1/$f"; done
	fi
	mv "$1/.files.new" "$1/.files"
	rsync -a --files-from="$1/.files" "$TOP/" "$1/"
}
