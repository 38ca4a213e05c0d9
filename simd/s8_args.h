/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contracts of the S8 kernels: argument blocks, see simd/kernels.h.
 *
 * Sums are s32.  Whoever calls has proved that a whole sum fits, for every input that
 * can occur; parts of it need not, so kernels add modulo 2^32, in any order.
 */
#ifndef _NEURAL_SIMD_S8_ARGS_H
#define _NEURAL_SIMD_S8_ARGS_H

#include "../src/env.h"

/* Outputs computed together; parameters per output are padded to this many. */
#define NEURAL_S8_PANEL		16

/* Inputs of one output that lie side by side in a panel. */
#define NEURAL_S8_GROUP		4

/**
 * struct neural_s8_gemm_args - rows times panels of weights
 * @out: row r, output j at @out[r * @out_stride + j]
 * @x: row r, input i at @x[r * @x_stride + i]
 * @w: packed weights, 64-byte aligned; zero for i >= @k and j >= @n.  s8_gemm: that of
 *	input i to output j at @w[(((j / 16) * groups + i / 4) * 16 + j % 16) * 4 + i % 4]
 *	with groups = @k / 4 rounded up.  s8s4_gemm: S4, two groups a byte: at @w[(((j /
 *	16) * pairs + i / 8) * 16 + j % 16) * 4 + i % 4] with pairs = @k / 8 rounded up,
 *	in the lower half for even i / 4 and in the upper one for odd
 * @bias: per output, what the input's zero point costs included; this and the next
 *	three 64-byte aligned and padded with zeros to a multiple of 16
 * @bias_u8: @bias less 128 times the sum of the output's weights, modulo 2^32: for
 *	kernels whose instructions want one factor without a sign, and which read x ^
 *	0x80, that is x + 128, as u8
 * @multiplier: per output, not negative
 * @shift: per output, -31 .. 31
 * @row_bias: per row, added to all its outputs; NULL for none
 * @k: inputs, 1 .. 65536
 * @n: outputs to write, at least 1; the last panel may be partial
 * @rows: rows, at least 1
 * @x_stride: distance of two rows of @x, may be 0
 * @out_stride: distance of two rows of @out, at least @n
 * @zero_point: of the outputs, this and the next two within s8
 * @min: smallest output
 * @max: largest output
 *
 * out = neural_requantize_s8(neural_mbqm(sum(x * w) + bias + row_bias, multiplier,
 * shift), zero_point, min, max).  @out overlaps nothing.
 */
struct neural_s8_gemm_args {
	s8 *out;
	const s8 *x;
	const s8 *w;
	const s32 *bias;
	const s32 *bias_u8;
	const s32 *multiplier;
	const s32 *shift;
	const s32 *row_bias;
	u32 k;
	u32 n;
	u32 rows;
	size_t x_stride;
	size_t out_stride;
	s32 zero_point;
	s32 min;
	s32 max;
};

/**
 * struct neural_s8_conv_args - windows of all channels times panels of weights
 * @out: result p of line l, output j at @out[(l * @results + p) * @out_step + j]
 * @x: inputs + 128; input i of segment s of that at @x[l * @x_line + p * @x_step +
 *	s * @x_segment + i]; NEURAL_S8_AHEAD bytes from the start of any group may be
 *	read
 * @w: packed weights, 64-byte aligned; that of input i of segment s to output j at
 *	@w[(((j / 16 * @segments + s) * @groups + i / 4) * 16 + j % 16) * 4 + i % 4];
 *	zero where there is no such input and for j >= @n
 * @bias: as bias_u8 of &struct neural_s8_gemm_args; this and the next two 64-byte
 *	aligned and padded with zeros to a multiple of 16
 * @multiplier: per output, not negative
 * @shift: per output, -31 .. 31
 * @segments: runs of inputs of a window, at least 1
 * @groups: of 4 inputs in each, at least 1; with @segments no more than 16384 in all
 * @n: outputs to write, at least 1; the last panel may be partial
 * @results: results in a line, at least 1
 * @lines: lines, at least 1
 * @x_segment: distance of two segments
 * @x_step: distance of the windows of two results
 * @x_line: distance of the windows of two lines
 * @out_step: distance of two results, at least @n
 * @zero_point: of the outputs, this and the next two within s8
 * @min: smallest output
 * @max: largest output
 *
 * out = neural_requantize_s8(neural_mbqm(sum(x * w) + bias, multiplier, shift),
 * zero_point, min, max).  @out overlaps nothing; windows may overlap each other.
 */
struct neural_s8_conv_args {
	s8 *out;
	const u8 *x;
	const s8 *w;
	const s32 *bias;
	const s32 *multiplier;
	const s32 *shift;
	u32 segments;
	u32 groups;
	u32 n;
	u32 results;
	u32 lines;
	size_t x_segment;
	size_t x_step;
	size_t x_line;
	size_t out_step;
	s32 zero_point;
	s32 min;
	s32 max;
};

/* Bytes of inputs that s8_conv may read from the start of a group, needed or not. */
#define NEURAL_S8_AHEAD		64

/**
 * struct neural_s8_frame_args - lines of an image with padding around them
 * @y: @above + @lines + @below lines of @before + @n + @after bytes, one after the other
 * @x: line l, byte i at @x[l * @x_line + i]
 * @x_line: distance of two lines
 * @lines: lines that are there, at least 1
 * @n: bytes of each, at least 1
 * @before: bytes of padding at the start of a line
 * @after: and at the end
 * @above: lines of padding before the first line
 * @below: and after the last one
 * @fill: what padding is filled with
 * @flip: all bytes, padding as well, are written ^ this
 *
 * @y overlaps nothing.
 */
struct neural_s8_frame_args {
	u8 *y;
	const s8 *x;
	size_t x_line;
	u32 lines;
	u32 n;
	u32 before;
	u32 after;
	u32 above;
	u32 below;
	s8 fill;
	u8 flip;
};

/**
 * struct neural_s8_window - a window that walks over channels in rows and columns
 * @x: first channel of the first cell for the first result
 * @rows: cells down, those outside of the input left out
 * @cols: cells across, likewise
 * @x_row: distance of two cells down
 * @x_col: distance of two cells across
 * @x_step: distance of the windows of two results
 *
 * Cell (i, j) of result p, channel c is at
 * @x[p * @x_step + i * @x_row + j * @x_col + c].
 */
struct neural_s8_window {
	const s8 *x;
	u32 rows;
	u32 cols;
	size_t x_row;
	size_t x_col;
	size_t x_step;
};

/**
 * struct neural_s8_depthwise_args - windows of a channel each times weights
 * @out: result p of line l, channel c at @out[(l * @results + p) * @out_step + c]
 * @x: cell i of that at @x[l * @x_line + p * @x_step + @cell[i] + c]
 * @cell: offsets of 2 * @pairs cells; one that there is no more of is anywhere within
 *	the window, its weights are zero
 * @w: packed weights, 64-byte aligned; cell i, channel c at @w[((c / 16 * @pairs +
 *	i / 2) * 16 + neural_s8_depthwise_place(c)) * 2 + i % 2], zero for c >= @n
 * @bias: per channel, what the input's zero point costs included; this and the next two
 *	64-byte aligned and padded with zeros to a multiple of 16
 * @multiplier: per channel, not negative
 * @shift: per channel, -31 .. 31
 * @pairs: pairs of cells, 1 .. 32768
 * @n: channels to write, at least 1; the last panel may be partial
 * @results: results in a line, at least 1
 * @lines: lines, at least 1
 * @x_step: distance of the windows of two results
 * @x_line: distance of the windows of two lines
 * @out_step: distance of two results
 * @zero_point: of the results, this and the next two within s8
 * @min: smallest result
 * @max: largest result
 *
 * out = neural_requantize_s8(neural_mbqm(sum(x * w) + bias, multiplier, shift),
 * zero_point, min, max).  @out overlaps nothing.
 */
struct neural_s8_depthwise_args {
	s8 *out;
	const s8 *x;
	const u32 *cell;
	const s16 *w;
	const s32 *bias;
	const s32 *multiplier;
	const s32 *shift;
	u32 pairs;
	u32 n;
	u32 results;
	u32 lines;
	size_t x_step;
	size_t x_line;
	size_t out_step;
	s32 zero_point;
	s32 min;
	s32 max;
};

/*
 * Where in a panel channel @c is: 0..3 8..11 4..7 12..15, because that is what comes of
 * unpacking halves of 256 bits, and what packing turns around again.
 */
static inline u32 neural_s8_depthwise_place(u32 c)
{
	return c % 4 + c / 4 % 2 * 8 + c / 8 % 2 * 4;
}

/**
 * struct neural_s8_pool_args - a window per channel to one value
 * @out: result p, channel c at @out[p * @out_step + c]
 * @window: its cells, at least 1 and at most 65536
 * @n: channels, at least 1
 * @results: results, at least 1
 * @out_step: distance of two results
 * @min: smallest result
 * @max: largest result
 *
 * s8_max_pool: the largest cell.  s8_average_pool: their sum by their number, halves
 * rounded away from zero.  Either is clamped.  @out overlaps nothing.
 */
struct neural_s8_pool_args {
	s8 *out;
	struct neural_s8_window window;
	u32 n;
	u32 results;
	size_t out_step;
	s32 min;
	s32 max;
};

/**
 * struct neural_s8_sum_args - sums of columns
 * @sum: @n sums to add to, 4-byte aligned
 * @x: row r, column c at @x[r * @stride + c]
 * @rows: rows, at least 1
 * @n: columns, at least 1
 * @stride: distance of two rows
 */
struct neural_s8_sum_args {
	s32 *sum;
	const s8 *x;
	u32 rows;
	u32 n;
	size_t stride;
};

#endif /* _NEURAL_SIMD_S8_ARGS_H */
