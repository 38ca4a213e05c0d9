// SPDX-License-Identifier: GPL-2.0-only
/* Candidates from user space. */
#include <linux/string.h>
#include <linux/uio.h>
#include "../candidate.h"
#include "chardev.h"

/* -ENOENT is for the network. */
static int neural_ioctl_candidate_error(int ret)
{
	return ret == -ENOENT ? -ENODATA : ret;
}

int neural_ioctl_candidate(void *p)
{
	struct neural_ioc_candidate *arg = p;
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	struct neural_reason why = { };
	struct iov_iter from;
	int ret;

	if (!nn)
		return -ENOENT;
	iov_iter_ubuf(&from, ITER_SOURCE, u64_to_user_ptr(arg->data), arg->bytes);
	ret = neural_candidate_set(nn, &from, arg->share, arg->every ?: 1, &why);
	neural_network_drop(nn);
	if (!ret)
		why = (struct neural_reason){ };
	arg->offset = why.offset;
	arg->layer = why.layer;
	arg->unit = why.unit;
	strscpy_pad(arg->rule, why.rule ?: "", sizeof(arg->rule));
	return ret;
}

int neural_ioctl_promote(void *p)
{
	struct neural_ioc_promote *arg = p;
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	int ret;

	arg->generation = 0;
	if (!nn)
		return -ENOENT;
	ret = neural_ioctl_candidate_error(neural_network_promote(nn));
	arg->generation = READ_ONCE(nn->generation);
	neural_network_drop(nn);
	return ret;
}

int neural_ioctl_drop(void *p)
{
	struct neural_ioc_drop *arg = p;
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	int ret;

	if (!nn)
		return -ENOENT;
	ret = neural_ioctl_candidate_error(neural_network_drop_candidate(nn));
	neural_network_drop(nn);
	return ret;
}

int neural_ioctl_candidate_stats(void *p)
{
	struct neural_ioc_candidate_stats *arg = p;
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	struct neural_candidate_stats s = { };
	int ret;

	if (!nn)
		return -ENOENT;
	ret = neural_ioctl_candidate_error(neural_network_candidate_stats(nn, &s));
	neural_network_drop(nn);
	*arg = (struct neural_ioc_candidate_stats){
		.head = arg->head,
		.share = s.share,
		.every = s.every,
		.calls = s.calls,
		.rows = s.rows,
		.equal = s.equal,
		.agree = s.agree,
		.most_difference = s.most_difference,
		.mean_ns = s.mean_ns,
		.answered_calls = s.answered_calls,
		.answered = s.answered,
		.macs = s.macs,
		.errors = s.errors,
		.answered_mean_ns = s.answered_mean_ns,
		.answered_max_ns = s.answered_max_ns,
		.kept_calls = s.kept_calls,
		.kept_mean_ns = s.kept_mean_ns,
		.kept_max_ns = s.kept_max_ns,
	};
	return ret;
}
