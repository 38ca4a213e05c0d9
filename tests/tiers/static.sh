#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The static tier: what can be said of the sources and the objects without
# running them.

set -eu
. "$(dirname "$0")/../lib.sh"

out=$BUILD/check/static
rm -rf "$out"
mkdir -p "$out"
printf '#kernel\t%s\n' -

tap() { awk -v suite="$1" -f "$TESTS/tap.awk"; }

# each SUITE COMMAND <LIST: one test per line of the list, COMMAND ITEM; what it
# prints goes to a log, and the first lines of that to the terminal.
each() {
	local suite=$1 item n=0
	shift
	mapfile -t items
	{
		echo "TAP version 13"
		echo "1..${#items[@]}"
		for item in ${items[@]+"${items[@]}"}; do
			n=$((n + 1))
			if "$@" "$item" >"$out/item" 2>&1 </dev/null; then
				echo "ok $n - $item"
			else
				echo "not ok $n - $item"
				{ echo "$suite: $item"; cat "$out/item"; } |
					tee -a "$out/$suite.log" | head -n 15 >&2
			fi
		done
	} | tap "$suite"
}

# A clean build: objects kept from before would keep their warnings to
# themselves. The copy stays, for the tier that boots this kernel.
build_and_sparse() {
	local dir src
	dir=$("$TESTS/vm/kernel.sh" "$1")
	src=$BUILD/$1/src
	rm -rf "$src"
	copy_tree "$src"
	quiet_make() {
		make -s --no-print-directory -C "$src" -j"$JOBS" KDIR="$dir/kdir" \
			CONFIG_NEURAL_DEMO=m "$@"
	}
	builds() { quiet_make W=1 && [ -e "$src/neural.ko" ]; }
	# Not a word from the compiler, modpost or objtool.
	silent() {
		builds >"$out/build-$1.log" 2>&1 || { cat "$out/build-$1.log"; return 1; }
		! grep -v '^Skipping BTF generation' "$out/build-$1.log"
	}
	sparse_silent() {
		quiet_make C=2 >"$out/sparse-$1.log" 2>&1 ||
			{ cat "$out/sparse-$1.log"; return 1; }
		! grep -v '^Skipping BTF generation' "$out/sparse-$1.log"
	}
	echo "$1" | each "build-$1" silent
	echo "$1" | each "sparse-$1" sparse_silent
}

# What checkpatch is told to leave, and why:
#   BIT_MACRO           1 << 16 is one in Q16.16, not a bit
#   MACRO_ARG_REUSE     tables made by macros are about using an argument again
#   LINUX_VERSION_CODE, CONSTANT_COMPARISON  compat.h compares versions
#   the kernel table    its macros take types, names and whole rows as arguments
#   tracepoints         their macros take whole lists, laid out as everybody's are
#   exports.c           exports for KUnit what pure files may not export
#   user space          defines what the kernel's headers would
checkpatch() {
	local ignore=BIT_MACRO,MACRO_ARG_REUSE,FILE_PATH_CHANGES
	local macros=COMPLEX_MACRO,MACRO_ARG_PRECEDENCE,MACRO_ARG_UNUSED,TRAILING_SEMICOLON
	case $1 in
	src/compat.h)
		ignore+=,LINUX_VERSION_CODE,CONSTANT_COMPARISON,MACRO_ARG_UNUSED ;;
	simd/kernels.[ch] | simd/dispatch.[ch] | tests/kunit/kernels*.[ch])
		ignore+=,$macros,SPACING,BRACKET_SPACE ;;
	include/trace/*)
		ignore+=,OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT ;;
	tests/kunit/exports.c)
		ignore+=,EXPORT_SYMBOL ;;
	tests/user/* | tests/fuzz/* | tests/bench/* | tools/*)
		ignore+=,$macros,MULTISTATEMENT_MACRO_USE_DO_WHILE,VOLATILE
		ignore+=,CAMELCASE,PREFER_DEFINED_ATTRIBUTE_MACRO ;;
	esac
	perl "$source/scripts/checkpatch.pl" --no-tree --strict --terse --quiet \
		--ignore "$ignore" --file "$TOP/$1"
}

# Files in which the first lines have to name the licence.
licensed() {
	tree_list | while IFS= read -r f; do
		case $f in
		*.c | *.h | *.S | *.sh | *.py | *.awk | *.mk | *.rst | *.config | \
			*.patch | *Makefile | *Kbuild | *Kconfig | .ci/run) echo "$f" ;;
		*) case $(head -c 2 "$TOP/$f" | tr -d '\0') in '#!') echo "$f" ;; esac ;;
		esac
	done
}
spdx() { head -n 3 "$TOP/$1" | grep 'SPDX-License-Identifier: GPL-2\.0'; }

shell_files() {
	tree_list | while IFS= read -r f; do
		case $(head -n 1 "$TOP/$f" | tr -d '\0') in
		'#!/bin/sh'* | '#!/bin/bash'* | '#!/bin/dash'*) echo "$f" ;;
		*) case $f in *.sh) echo "$f" ;; esac ;;
		esac
	done
}
shell_clean() { (cd "$TOP" && shellcheck -x -S warning -e SC1091 "$1"); }

# A title, a table or a list that is not one.
well_formed() { /usr/bin/rst2html --report=2 --halt=2 "$TOP/$1" /dev/null; }

kernel_doc() {
	local said
	said=$(perl "$source/scripts/kernel-doc" -none -Wall "$TOP/$1" 2>&1) || :
	[ -z "$said" ] || { echo "$said"; return 1; }
}

# All component objects of all our modules, but the kernels in simd/x86.
objects() {
	cat "$src"/*.mod | tr ' ' '\n' | sed "s,^$src/,,; /^\//d; /^$/d" | sort -u |
		while IFS= read -r o; do
			[ ! -e "$src/$o" ] || echo "$o"
		done
}
integer_only() { "$TESTS/check_objects.sh" "$src/$1"; }
must_flag() { ! "$TESTS/check_objects.sh" "$src/$1"; }

# The selftests linked into a kernel tree, as their Makefile has it: all are installed.
graft=$out/graft
grafted() {
	local to=$graft/tools/testing/selftests from=$source/tools/testing/selftests
	mkdir -p "$to" "$graft/scripts"
	copy_tree "$graft/neural"
	cp -r "$from"/{Makefile,lib.mk,kselftest} "$from"/*.{sh,h} "$to/"
	cp "$source/scripts/subarch.include" "$graft/scripts/"
	ln -s ../../../neural/tests/selftests "$to/neural"
	make -C "$to" TARGETS=neural INSTALL_PATH="$graft/installed" install
}
installed() {
	local name=${1#tests/selftests/}
	[ -x "$graft/installed/neural/${name%.c}" ] || return 1
	case $name in
	*.c | golden.sh) ;;
	*) grep -qxF "neural:$name" "$graft/installed/kselftest-list.txt" ;;
	esac
}

build_and_sparse 6.1
build_and_sparse 6.12
source=$("$TESTS/vm/kernel.sh" source)
src=$BUILD/6.12/src
tree_list | grep '\.[ch]$' | each checkpatch checkpatch
licensed | each spdx spdx
shell_files | each shellcheck shell_clean
tree_list | grep '\.rst$' | each rst well_formed
echo "$TOP" | each layers "$TESTS/check_includes.sh"
tree_list | grep '^include/linux/.*\.h$' | each kernel-doc kernel_doc
objects | grep -v '^simd/x86/' | each objects integer_only
# The check itself: it has to see what is there to be seen.
objects | grep '^simd/x86/' | each objects-found must_flag
echo "make install" | each kselftest grafted
tree_list | grep '^tests/selftests/.*\.\(sh\|c\)$' | each kselftest-installed installed
