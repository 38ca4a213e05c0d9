/* SPDX-License-Identifier: GPL-2.0-only */
/* Its names are in env_shim.h; this is for headers that include it. */
