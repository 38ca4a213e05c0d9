// SPDX-License-Identifier: GPL-2.0-only
/*
 * peer_xnnpack LEVEL: the shapes of peer.h in XNNPACK's signed bytes, without threads.
 * The library takes whatever the CPU has; @LEVEL is only repeated.
 */
#include <xnnpack.h>

#include <cstdio>
#include <cstring>

#include "peer_work.hh"

struct xnn : work {
	std::vector<xnn_operator_t> steps;

	void run() const override
	{
		for (auto op : steps)
			xnn_run_operator(op, nullptr);
	}

	/* For as long as the program runs. */
	static int8_t *buffer(size_t n)
	{
		return (new std::vector<int8_t>(work_bytes(n)))->data();
	}

	static void check(xnn_status status, const char *what)
	{
		if (status == xnn_status_success)
			return;
		std::fprintf(stderr, "xnnpack: %s: status %d\n", what, (int)status);
		std::exit(EXIT_FAILURE);
	}

	int8_t *dense(int8_t *x, size_t m, size_t k, size_t n, bool relu)
	{
		const auto w = work_bytes(k * n);
		const std::vector<int32_t> bias(n);
		int8_t *y = buffer(m * n);
		xnn_operator_t op;

		check(xnn_create_fully_connected_nc_qs8(k, n, k, n, 0, 0.1f, 0.01f, w.data(),
							bias.data(), relu ? -128 : 0, 1.0f, -128, 127, 0,
							&op), "fully connected");
		check(xnn_setup_fully_connected_nc_qs8(op, m, x, y, nullptr),
		      "fully connected");
		steps.push_back(op);
		return y;
	}

	void conv(const bench_shape &s)
	{
		const uint32_t k = s.kernel, p = k / 2;
		const size_t groups = s.depthwise ? s.in : 1;
		const auto w = work_bytes((size_t)k * k * s.out * (s.in / groups));
		const std::vector<int32_t> bias(s.out);
		const size_t cells = (size_t)s.height * s.width;
		xnn_operator_t op;

		check(xnn_create_convolution2d_nhwc_qs8(p, p, p, p, k, k, 1, 1, 1, 1, groups,
							s.in / groups, s.out / groups, s.in, s.out, 0, 0.1f, 0.01f,
							w.data(), bias.data(), -128, 1.0f, -128, 127, 0, &op),
		      "convolution");
		check(xnn_setup_convolution2d_nhwc_qs8(op, 1, s.height, s.width,
						       buffer(cells * s.in), buffer(cells * s.out),
						       nullptr), "convolution");
		steps.push_back(op);
	}

	/* Of bytes without a sign: there is no other. */
	void softmax(size_t n)
	{
		xnn_operator_t op;

		check(xnn_create_softmax_nc_qu8(n, n, n, 0.0625f, 0, 1 / 256.0f, 0, &op),
		      "softmax");
		check(xnn_setup_softmax_nc_qu8(op, 1, (uint8_t *)buffer(n),
					       (uint8_t *)buffer(n), nullptr), "softmax");
		steps.push_back(op);
	}

	void logistic(size_t n)
	{
		xnn_operator_t op;

		check(xnn_create_sigmoid_nc_qs8(n, n, n, 0, 0.0625f, -128, 1 / 256.0f, -128,
						127, 0, &op), "sigmoid");
		check(xnn_setup_sigmoid_nc_qs8(op, 1, buffer(n), buffer(n), nullptr),
		      "sigmoid");
		steps.push_back(op);
	}

	void sum(size_t n)
	{
		xnn_operator_t op;

		check(xnn_create_add_nd_qs8(0, 0.1f, 0, 0.2f, 0, 0.3f, -128, 127, 0, &op),
		      "add");
		check(xnn_setup_add_nd_qs8(op, 1, &n, 1, &n, buffer(n), buffer(n), buffer(n),
					   nullptr), "add");
		steps.push_back(op);
	}
};

static const work *make(const bench_shape &s)
{
	auto *w = new xnn;
	int8_t *x;

	switch (s.kind) {
	case BENCH_GEMM:
		w->dense(w->buffer((size_t)s.in * s.in), s.in, s.in, s.in, false);
		break;
	case BENCH_CONV:
		w->conv(s);
		break;
	case BENCH_PRODUCT:
		/* Weights have to be there beforehand. */
		delete w;
		return nullptr;
	case BENCH_SOFTMAX:
		w->softmax(s.in);
		break;
	case BENCH_LOGISTIC:
		w->logistic(s.in);
		break;
	case BENCH_ADD:
		w->sum(s.in);
		break;
	default:
		x = w->buffer((size_t)s.rows * s.in);
		if (s.hidden)
			x = w->dense(x, s.rows, s.in, s.hidden, true);
		w->dense(x, s.rows, s.hidden ? s.hidden : s.in, s.out, false);
	}
	return w;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	bench_pin();
	xnn::check(xnn_initialize(nullptr), "initialize");
	for (const auto &s : bench_shapes)
		work_enter(s, argv[1], make);
	return bench_serve("xnnpack");
}
