// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/module_signature.h>
#include <linux/security.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/verification.h>
#include "ops/node.h"
#include "signature.h"

/* The last bytes of a file with a signature, without the NUL. */
#define NEURAL_SIGNATURE_MAGIC	(sizeof(MODULE_SIG_STRING) - 1)

/**
 * struct neural_signature - where it is
 * @bytes: of the file before it
 * @message: PKCS#7
 * @message_bytes: of that
 */
struct neural_signature {
	size_t bytes;
	const void *message;
	size_t message_bytes;
};

/* As given; what is in force is asked of the function below. */
static bool neural_require_signed;

bool neural_signature_required(void)
{
	return READ_ONCE(neural_require_signed) ||
	       security_locked_down(LOCKDOWN_MODULE_SIGNATURE);
}

static bool neural_signature_there(const u8 *file, size_t bytes)
{
	return bytes > NEURAL_SIGNATURE_MAGIC &&
	       !memcmp(file + bytes - NEURAL_SIGNATURE_MAGIC, MODULE_SIG_STRING,
		       NEURAL_SIGNATURE_MAGIC);
}

/*
 * From the end: the magic, what describes the signature, the signature, the model.  Only
 * PKCS#7 is known, which says all there is to say by itself.
 */
static int neural_signature_find(const u8 *file, size_t bytes, struct neural_signature *s,
				 struct neural_reason *why)
{
	struct module_signature about;
	size_t left = bytes - NEURAL_SIGNATURE_MAGIC;
	u64 length;

	if (left < sizeof(about))
		return neural_refuse(why, -EBADMSG, "the signature is cut off", left);
	left -= sizeof(about);
	memcpy(&about, file + left, sizeof(about));
	if (about.id_type != PKEY_ID_PKCS7 || about.algo || about.hash ||
	    about.signer_len || about.key_id_len ||
	    memchr_inv(about.__pad, 0, sizeof(about.__pad)))
		return neural_refuse(why, -EBADMSG, "the signature is not PKCS#7", left);
	length = be32_to_cpu(about.sig_len);
	if (!length || length >= left)
		return neural_refuse(why, -EBADMSG, "the signature has another size", left);
	s->bytes = left - length;
	s->message = file + s->bytes;
	s->message_bytes = length;
	return 0;
}

#ifdef CONFIG_SYSTEM_DATA_VERIFICATION
static int neural_signature_verify(const void *file, const struct neural_signature *s)
{
	return verify_pkcs7_signature(file, s->bytes, s->message, s->message_bytes,
				      VERIFY_USE_SECONDARY_KEYRING,
				      VERIFYING_UNSPECIFIED_SIGNATURE, NULL, NULL);
}
#else
static int neural_signature_verify(const void *file, const struct neural_signature *s)
{
	return -ENOPKG;
}
#endif

/* @err of the kernel's, in words.  Whatever is no answer to the question is a bad one. */
static int neural_signature_refuse(int err, u64 offset, struct neural_reason *why)
{
	const char *rule;

	switch (err) {
	case -ENOKEY:
		rule = "signed by a key that is not trusted";
		break;
	case -ENOPKG:
		rule = "this kernel cannot check the signature";
		break;
	case -ENOMEM:
		rule = "out of memory";
		break;
	case -EKEYREJECTED:
		rule = "the signature is of another file";
		break;
	default:
		err = -EBADMSG;
		rule = "the signature is damaged";
	}
	return neural_refuse(why, err, rule, offset);
}

int neural_signature_check(const void *file, size_t *bytes, bool *is_signed,
			   struct neural_reason *why)
{
	struct neural_signature s;
	int ret;

	*is_signed = false;
	if (!neural_signature_there(file, *bytes)) {
		if (!neural_signature_required())
			return 0;
		return neural_refuse(why, -EKEYREJECTED, "the file is not signed", 0);
	}
	ret = neural_signature_find(file, *bytes, &s, why);
	if (ret)
		return ret;
	ret = neural_signature_verify(file, &s);
	*is_signed = !ret;
	*bytes = s.bytes;
	/* By nobody we know, or nobody can tell: as good as unsigned. */
	if (!ret || ((ret == -ENOKEY || ret == -ENOPKG) && !neural_signature_required()))
		return 0;
	return neural_signature_refuse(ret, s.bytes, why);
}

static int neural_signed_param_set(const char *val, const struct kernel_param *kp)
{
	bool on;
	int ret = kstrtobool(val, &on);

	if (ret)
		return ret;
	/* A kernel that trusts its own keys alone does so until it ends. */
	if (!on && security_locked_down(LOCKDOWN_MODULE_SIGNATURE)) {
		pr_err("neural: models have to be signed while the kernel is locked down\n");
		return -EPERM;
	}
	WRITE_ONCE(neural_require_signed, on);
	return 0;
}

/* What is in force, by the parameter or without it. */
static int neural_signed_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%c\n", neural_signature_required() ? 'Y' : 'N');
}

static const struct kernel_param_ops neural_signed_param_ops = {
	.set = neural_signed_param_set,
	.get = neural_signed_param_get,
};

module_param_cb(neural_require_signed, &neural_signed_param_ops, NULL, 0644);
MODULE_PARM_DESC(neural_require_signed,
		 "Refuse models that are not signed by a key the kernel trusts (default: 0; 1 under lockdown)");
