# SPDX-License-Identifier: GPL-2.0-only
#
# make                  build the modules for the running kernel, or for KDIR=
# make install          install them (INSTALL_MOD_PATH= as the kernel has it)
# make tools            neuralctl and neural-convert, in build/tools (STATIC=1: for where
#                       there is no C library); needs no kernel headers
# make install-tools    install them (DESTDIR=, PREFIX= /usr/local)
# make check            every test there is, in four worlds; GOLDEN= models with outputs
#                       of other kernels, where they are (default ../shared/data)
# make soak             what can last of them, SOAK_SECONDS= (600) each, in debug, kcsan and
#                       uml kernels (SOAK_TIERS=)
# make demo             handwritten digits, classified in a kernel
# make bench            the engine in user space beside oneDNN and XNNPACK: a table, and
#                       build/bench/{latest.json,report.html}; GOLDEN= as above
# make fuzz             fuzz the model file, FUZZ_SECONDS= or FUZZ_RUNS= per target
# make clean
#
# KDIR=DIR, ARCH=, CROSS_COMPILE=, W=1, C=1 and V=1 mean what they mean in the kernel.

KDIR ?= /lib/modules/$(shell uname -r)/build
kbuild = $(MAKE) -C $(KDIR) M=$(CURDIR)

all: modules

modules modules_install:
	+$(kbuild) $@

install: modules_install
	@if [ -z "$(INSTALL_MOD_PATH)" ]; then depmod -a; fi

tools:
	$(MAKE) -C tools

install-tools:
	$(MAKE) -C tools install

check:
	tests/check.sh

SOAK_SECONDS ?= 600
SOAK_TIERS ?= debug kcsan uml
soak:
	SOAK_SECONDS=$(SOAK_SECONDS) tests/check.sh $(SOAK_TIERS)

demo:
	tools/demo/demo.sh

# Without what cannot be installed there is less to compare with.
bench:
	-tests/deps.sh bench
	$(MAKE) -C tests/bench run

fuzz:
	tests/deps.sh fuzz
	$(MAKE) -C tests/fuzz run

# No kernel headers are needed to clean up.
clean:
	find . -path ./build -prune -o \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name '*.o.d' \
		-o -name '.module-common.o' -o -name modules.order \
		-o -name Module.symvers \) -type f -exec rm -f {} +
	$(MAKE) -s -C tests/selftests clean
	rm -rf build

help:
	@sed -n '3,/^$$/s/^# \{0,1\}//p' Makefile

.PHONY: all modules modules_install install tools install-tools check soak demo bench fuzz clean help
