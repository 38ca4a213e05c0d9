// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of "config": everything is checked before anything is applied, so a refused
 * line leaves no trace.
 */
#include <linux/mutex.h>
#include <linux/string.h>
#include "candidate.h"
#include "config.h"
#include "config_words.h"
#include "limits.h"
#include "params.h"
#include "../simd/dispatch.h"

/* Of what a user wrote, as much as goes into the log. */
#define NEURAL_CONFIG_SHOWN	32

/* Serialises lines: what is meant for all networks reaches all alike. */
static DEFINE_MUTEX(neural_config_lock);

static const struct neural_word *neural_config_word(const char *name)
{
	unsigned int i;

	for (i = 0; i < neural_nr_words; i++)
		if (!strcmp(name, neural_words[i].name))
			return &neural_words[i];
	pr_err("neural: config: '%*pE' is not a word of it\n",
	       (int)strnlen(name, NEURAL_CONFIG_SHOWN), name);
	return NULL;
}

static int neural_config_parse(const struct neural_word *word, const char *value,
			       struct neural_setting *s)
{
	int ret = word->parse ? word->parse(value, s) : *value ? -EINVAL : 0;

	if (ret == -EOPNOTSUPP)
		pr_err("neural: config: this CPU does not run level %s\n", value);
	else if (ret)
		pr_err("neural: config: %s takes %s, not '%*pE'\n", word->name,
		       word->takes ?: "no value",
		       (int)strnlen(value, NEURAL_CONFIG_SHOWN), value);
	return ret;
}

static void neural_config_network(const struct neural_word *word,
				  struct neural_network *nn,
				  const struct neural_setting *s)
{
	mutex_lock(&nn->lock);
	word->network(nn, s);
	mutex_unlock(&nn->lock);
}

/* The module is the one that follows the level; networks then follow the module. */
static void neural_config_all(const struct neural_word *word, struct neural_setting *s)
{
	struct neural_network *nn;
	u32 id;

	if (word->module)
		word->module(s);
	s->level = -1;
	for (id = 0; (nn = neural_network_next(&id)); id++) {
		neural_config_network(word, nn, s);
		neural_network_drop(nn);
	}
}

static int neural_config_candidate(const struct neural_word *word,
				   struct neural_network *nn, u32 number)
{
	int ret = nn ? word->candidate(nn, number) : -EINVAL;

	if (!nn)
		pr_err("neural: config: %s is a word for one network\n", word->name);
	else if (ret)
		pr_err("neural: config: %s: %s has no candidate\n", word->name, nn->name);
	return ret;
}

static int neural_config_set(const struct neural_word *word, struct neural_network *nn,
			     struct neural_setting *s)
{
	int ret = 0;

	if (word->candidate)
		return neural_config_candidate(word, nn, s->number);
	mutex_lock(&neural_config_lock);
	if (word->resize)
		ret = word->resize(nn, s->number);
	else if (nn)
		neural_config_network(word, nn, s);
	else
		neural_config_all(word, s);
	mutex_unlock(&neural_config_lock);
	if (ret == -ENOMEM || ret == -EDQUOT)
		pr_err("neural: config: %s %u: %s\n", word->name, s->number,
		       ret == -EDQUOT ? NEURAL_LIMITS_BYTES : "no memory");
	return ret;
}

int neural_config_apply(struct neural_network *nn, char *line)
{
	const struct neural_word *word;
	struct neural_setting s = { };
	char *value = strim(line), *name;
	int ret;

	name = strsep(&value, " \t");
	word = neural_config_word(name);
	if (!word)
		return -EINVAL;
	ret = neural_config_parse(word, value ? skip_spaces(value) : "", &s);
	return ret ?: neural_config_set(word, nn, &s);
}

static int neural_config_format_numa(int policy, int node, char *buf, size_t size)
{
	if (policy == NEURAL_NUMA_NODE && node != NUMA_NO_NODE)
		return scnprintf(buf, size, "numa_policy %d:%d\n", policy, node);
	return scnprintf(buf, size, "numa_policy %d\n", policy);
}

static int neural_config_format_module(char *buf, size_t size)
{
	int len;

	len = scnprintf(buf, size, "simd %d\nsimd_level %s\ncache_timeout %u\n"
			"replicate %d\n", neural_param_enable_simd(), neural_simd_level(),
			neural_param_cache_timeout_ms(), neural_param_numa_replicate());
	return len + neural_config_format_numa(neural_param_numa_policy(),
					       neural_param_numa_node(), buf + len,
					       size - len);
}

static int neural_config_format_candidate(const struct neural_network *nn, char *buf,
					  size_t size)
{
	const struct neural_candidate *candidate = neural_candidate_of(nn);

	if (!candidate)
		return 0;
	return scnprintf(buf, size, "candidate_share %u\nshadow_every %u\n",
			 candidate->share, candidate->every);
}

/* Budget, ranges and bounds. */
static int neural_config_format_guards(struct neural_network *nn, char *buf, size_t size)
{
	const struct neural_budget *budget = &nn->guard.budget;
	const struct neural_bounds *bounds =
		rcu_dereference_protected(nn->checks.bounds, lockdep_is_held(&nn->lock));
	int len;

	len = scnprintf(buf, size, "budget %llu\nbudget_strikes %u\nbudget_cooldown %u\n"
			"ranges %d\n", budget->ns, budget->strikes, budget->cooldown_ms,
			nn->checks.count);
	if (bounds)
		return len + scnprintf(buf + len, size - len, "bounds %lld %lld\n", bounds->lo,
				       bounds->hi);
	return len + scnprintf(buf + len, size - len, "bounds %s\n",
			       nn->checks.file ? "file" : "off");
}

int neural_config_format(struct neural_network *nn, char *buf, size_t size)
{
	int len;

	if (!nn)
		return neural_config_format_module(buf, size);
	mutex_lock(&nn->lock);
	len = scnprintf(buf, size, "simd %d\nsimd_level %s\ncache_timeout %u\n"
			"cache_entries %u\ncache_bypass %d\n", nn->simd,
			nn->level < 0 ? "auto" : neural_simd_level_names[nn->level],
			nn->cache_timeout_ms, nn->cache_entries, nn->cache_bypass);
	len += neural_config_format_numa(nn->account.policy, nn->account.node, buf + len,
					 size - len);
	len += scnprintf(buf + len, size - len, "replicate %d\nprofile %d\n",
			 nn->replicate, nn->profiling);
	len += neural_config_format_guards(nn, buf + len, size - len);
	len += neural_config_format_candidate(nn, buf + len, size - len);
	mutex_unlock(&nn->lock);
	return len;
}

const char *neural_config_level(const struct neural_network *nn)
{
	int level = READ_ONCE(nn->level);

	if (!neural_param_enable_simd() || !READ_ONCE(nn->simd))
		level = NEURAL_SIMD_generic;
	else if (level < 0)
		level = neural_simd_get_level();
	return neural_simd_level_names[level];
}
