# SPDX-License-Identifier: GPL-2.0-only
#
# The pure files and how each is compiled in user space: shared by the tests and
# the benchmark. Wants TOP (the repository) and B (where objects go).

PURE := $(wildcard $(TOP)/src/q16*.c $(TOP)/src/s8*.c $(TOP)/src/model/*.c $(TOP)/src/plan/*.c \
	$(TOP)/src/ops/*.c)
PURE += $(wildcard $(TOP)/simd/generic/*.c)
PURE += $(TOP)/simd/kernels.c $(TOP)/simd/dispatch.c \
	$(wildcard $(TOP)/simd/work*.c)
PURE += $(TOP)/tests/user/env_shim.c $(TOP)/tests/user/cpu_shim.c $(TOP)/tests/user/tap.c
ifneq ($(filter x86_64%,$(shell $(CC) -dumpmachine)),)
PURE += $(wildcard $(TOP)/simd/x86/*.c)
endif
PURE_OBJS := $(patsubst $(TOP)/%.c,$(B)/%.o,$(PURE))

# A file of vector code has a name that ends in the level it is written for.
ISA_sse2	:= -msse2 -mno-sse3
ISA_avx2	:= -mavx2
ISA_avxvnni	:= -mavx2 -mavxvnni
ISA_avx512	:= -mavx512f -mavx512bw -mavx512dq -mavx512vl
ISA_avx512vnni	:= $(ISA_avx512) -mavx512vnni
level = $(lastword $(subst _, ,$(basename $(notdir $1))))
isa = $(if $(ISA_$(level)),-fsigned-char $(ISA_$(level)))

# As simd/x86/Kbuild.include says.
$(B)/simd/x86/s8_conv_avx512%.o: XFLAGS += $(call cc-option,-fno-tree-pre)
$(B)/simd/x86/s8_gemm_sse2.o $(B)/simd/x86/s8s4_gemm_sse2.o: \
	XFLAGS += $(call cc-option,-fno-tree-reassoc) $(call cc-option,-fno-tree-ter)
cc-option = $(shell $(CC) -Werror $1 -fsyntax-only -x c /dev/null 2>/dev/null && echo $1)

SHIM := -D_GNU_SOURCE -include $(TOP)/tests/user/env_shim.h \
	-I $(TOP)/tests/user/include -I $(TOP)/include
# As kbuild does, and no more: -Wextra without what kernel code does freely.
WARN := -Wall -Wextra -Werror -Wdeclaration-after-statement -Wundef \
	-Wstrict-prototypes -Wmissing-prototypes \
	-Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers
KFLAGS := -std=gnu11 -funsigned-char -O2 -g -fno-strict-aliasing -fno-common $(WARN) $(SHIM) -MMD -MP

# V=1 shows the commands.
Q := $(if $(V),,@)

$(B)/%.o: $(TOP)/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(KFLAGS) $(XFLAGS) $(call isa,$<) -c $< -o $@

$(B)/pure.a: $(PURE_OBJS)
	@rm -f $@
	$(Q)ar rcs $@ $^

-include $(wildcard $(B)/*/*.d $(B)/*/*/*.d)
