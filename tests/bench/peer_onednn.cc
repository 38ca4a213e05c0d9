// SPDX-License-Identifier: GPL-2.0-only
/*
 * peer_onednn LEVEL [best] [f32]: the shapes of peer.h in oneDNN, on one thread, in bytes or in
 * floats.  ONEDNN_MAX_CPU_ISA is read once, so there is a process for each level.
 *
 * Weights are in whatever format the library likes best, memory is made beforehand, and
 * zero points are zero: as fast as it can be used.
 */
#include <dnnl.hpp>

#include <cstdio>
#include <cstring>
#include <unordered_map>

#include "peer_work.hh"

using namespace dnnl;

static memory::data_type bytes = memory::data_type::s8;

struct onednn : work {
	struct step {
		primitive p;
		std::unordered_map<int, memory> args;
	};
	engine e{engine::kind::cpu, 0};
	stream s{e};
	std::vector<step> steps;

	void run() const override
	{
		for (const auto &t : steps)
			t.p.execute(s, t.args);
	}

	memory filled(const memory::desc &d)
	{
		memory m(d, e);

		if (bytes == memory::data_type::f32) {
			auto *p = static_cast<float *>(m.get_data_handle());

			for (size_t i = 0; i < d.get_size() / sizeof(*p); i++)
				p[i] = (std::rand() % 255 - 127) / 128.0f;
		} else {
			const auto v = work_bytes(d.get_size());

			std::memcpy(m.get_data_handle(), v.data(), d.get_size());
		}
		return m;
	}

	/* A factor for each of @n outputs, which are dimension @dim of the result. */
	static primitive_attr attr(bool relu, int n, int dim)
	{
		primitive_attr a;
		post_ops ops;

		if (bytes == memory::data_type::s8)
			a.set_output_scales(1 << dim, std::vector<float>(n, 0.001f));
		if (relu)
			ops.append_eltwise(1.0f, algorithm::eltwise_relu, 0.0f, 0.0f);
		a.set_post_ops(ops);
		return a;
	}

	template <typename pd_type>
	memory add(const pd_type &pd, const primitive &p, const memory *src)
	{
		const memory x = src ? *src : filled(pd.src_desc());
		const memory y(pd.dst_desc(), e);
		memory bias(pd.bias_desc(), e);

		std::memset(bias.get_data_handle(), 0, pd.bias_desc().get_size());
		steps.push_back({p, {{DNNL_ARG_SRC, x},
				     {DNNL_ARG_WEIGHTS, filled(pd.weights_desc())},
				     {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, y}}});
		return y;
	}

	memory dense(const memory *x, int m, int k, int n, bool relu)
	{
		const auto bias = bytes == memory::data_type::f32 ? bytes :
				  memory::data_type::s32;
		const inner_product_forward::desc d(
			prop_kind::forward_inference,
			memory::desc({m, k}, bytes, memory::format_tag::nc),
			memory::desc({n, k}, bytes, memory::format_tag::any),
			memory::desc({n}, bias, memory::format_tag::x),
			memory::desc({m, n}, bytes, memory::format_tag::nc));
		const inner_product_forward::primitive_desc pd(d, attr(relu, n, 1), e);

		return add(pd, inner_product_forward(pd), x);
	}

	void product(int m)
	{
		const auto bias = bytes == memory::data_type::f32 ? bytes :
				  memory::data_type::s32;
		const matmul::desc d(memory::desc({m, m}, bytes, memory::format_tag::ab),
				     memory::desc({m, m}, bytes, memory::format_tag::any),
				     memory::desc({1, m}, bias, memory::format_tag::ab),
				     memory::desc({m, m}, bytes, memory::format_tag::ab));
		const matmul::primitive_desc pd(d, attr(false, m, 1), e);

		add(pd, matmul(pd), nullptr);
	}

	void conv(const bench_shape &s)
	{
		const int c = s.in, o = s.out, h = s.height, w = s.width, k = s.kernel;
		const memory::dims dims = s.depthwise ? memory::dims{o, 1, 1, k, k} :
							memory::dims{o, c, k, k};
		const memory::dims pad = {k / 2, k / 2};
		const auto bias = bytes == memory::data_type::f32 ? bytes :
				  memory::data_type::s32;
		const convolution_forward::desc d(
			prop_kind::forward_inference, algorithm::convolution_direct,
			memory::desc({1, c, h, w}, bytes, memory::format_tag::nhwc),
			memory::desc(dims, bytes, memory::format_tag::any),
			memory::desc({o}, bias, memory::format_tag::x),
			memory::desc({1, o, h, w}, bytes, memory::format_tag::nhwc),
			{1, 1}, pad, pad);
		const convolution_forward::primitive_desc pd(d, attr(true, o, 1), e);

		add(pd, convolution_forward(pd), nullptr);
	}

	/* Both factors as they come. */
	void products(int n, int m)
	{
		const memory::desc any({n, m, m}, bytes, memory::format_tag::abc);
		primitive_attr a;

		if (bytes == memory::data_type::s8)
			a.set_output_scales(0, {0.001f});
		const matmul::primitive_desc pd(matmul::desc(any, any, any), a, e);

		steps.push_back({matmul(pd), {{DNNL_ARG_SRC, filled(any)},
					      {DNNL_ARG_WEIGHTS, filled(any)},
					      {DNNL_ARG_DST, memory(any, e)}}});
	}

	void softmax(int n)
	{
		const memory::desc d({1, n}, bytes, memory::format_tag::nc);
		primitive_attr a;

		if (bytes == memory::data_type::s8)
			a.set_output_scales(0, {127.0f});
		const softmax_v2_forward::primitive_desc pd(
			softmax_v2_forward::desc(prop_kind::forward_inference,
						 algorithm::softmax_accurate, d, d, 1), a, e);

		steps.push_back({softmax_v2_forward(pd), {{DNNL_ARG_SRC, filled(d)},
							  {DNNL_ARG_DST, memory(d, e)}}});
	}

	void logistic(int n)
	{
		const memory::desc d({1, n}, bytes, memory::format_tag::nc);
		const eltwise_forward::primitive_desc pd(
			eltwise_forward::desc(prop_kind::forward_inference,
					      algorithm::eltwise_logistic, d, 0), e);

		steps.push_back({eltwise_forward(pd), {{DNNL_ARG_SRC, filled(d)},
						       {DNNL_ARG_DST, memory(d, e)}}});
	}

	void sum(int n)
	{
		const memory::desc d({1, n}, bytes, memory::format_tag::nc);
		primitive_attr a;

		if (bytes == memory::data_type::s8) {
			a.set_scales(DNNL_ARG_SRC_0, 0, {0.3f});
			a.set_scales(DNNL_ARG_SRC_1, 0, {0.6f});
		}
		const binary::primitive_desc pd(
			binary::desc(algorithm::binary_add, d, d, d), a, e);

		steps.push_back({binary(pd), {{DNNL_ARG_SRC_0, filled(d)},
					      {DNNL_ARG_SRC_1, filled(d)},
					      {DNNL_ARG_DST, memory(d, e)}}});
	}
};

static void fill(onednn *w, const bench_shape &s)
{
	memory h;

	switch (s.kind) {
	case BENCH_PRODUCT:
		w->products(s.hidden, s.in);
		break;
	case BENCH_SOFTMAX:
		w->softmax(s.in);
		break;
	case BENCH_LOGISTIC:
		w->logistic(s.in);
		break;
	case BENCH_ADD:
		w->sum(s.in);
		break;
	case BENCH_GEMM:
		w->product(s.in);
		break;
	case BENCH_CONV:
		w->conv(s);
		break;
	default:
		if (s.hidden)
			h = w->dense(nullptr, s.rows, s.in, s.hidden, true);
		w->dense(s.hidden ? &h : nullptr, s.rows, s.hidden ? s.hidden : s.in, s.out,
			 false);
	}
}

/* Not every operation is there at every level. */
static const work *make(const bench_shape &s)
{
	auto *w = new onednn;

	try {
		fill(w, s);
	} catch (const error &e) {
		std::fprintf(stderr, "onednn: %s: %s\n", s.name, e.message);
		delete w;
		return nullptr;
	}
	return w;
}

/* Is @word among the arguments after the first? */
static bool said(char **argv, const char *word)
{
	for (argv += 2; *argv; argv++)
		if (!std::strcmp(*argv, word))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	bench_pin();
	if (said(argv, "f32"))
		bytes = memory::data_type::f32;
	for (const auto &s : bench_shapes)
		if (!s.best_only || said(argv, "best"))
			work_enter(s, argv[1], make);
	return bench_serve(said(argv, "f32") ? "onednn-f32" : "onednn");
}
