/* SPDX-License-Identifier: MIT */
#include "cli/sure.h"

#include <kith/keys.h>
#include <strings.h>

#include "base/auto.h"
#include "base/text.h"

#define ID_MIN 4 /* characters of an id that kith_store_who takes at least */

bool kith_sure(const char *question)
{
	KITH_AUTO_BUF struct kith_buf line = {0};

	if (!kith_cli_ask(question, &line))
		return false;
	const char *answer = (const char *)line.p;
	return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

static bool begins(const char *id, struct kith_span who)
{
	return who.n >= ID_MIN && who.n <= strlen(id) &&
	       strncasecmp(id, (const char *)who.p, who.n) == 0;
}

struct former {
	struct kith_span who;
	bool begun; /* an id that the person had before begins so */
};

/* A kith_former_key_fn. */
static bool look(void *ctx, const struct kith_former_key *former)
{
	struct former *f = ctx;
	char id[KITH_ID_CHARS + 1];

	kith_id_text(former->ik, id);
	f->begun = begins(id, f->who);
	return !f->begun;
}

static enum kith_err is_exact(
	struct kith_store *store, int64_t row, struct kith_span who, bool *ret_exact)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_BUF struct kith_buf a = {0};
	KITH_AUTO_BUF struct kith_buf b = {0};
	char id[KITH_ID_CHARS + 1] = "";

	enum kith_err err = kith_store_contact(store, row, &c);
	if (err || (err = kith_fold(&a, c.name)) || (err = kith_fold(&b, who)))
		return err;
	if (c.has_key)
		kith_id_text(c.ik, id);
	*ret_exact = memchr(who.p, '@', who.n) ||
		     kith_span_eq(kith_buf_span(&a), kith_buf_span(&b)) || begins(id, who) ||
		     begins(c.uid, who);
	if (*ret_exact)
		return KITH_OK;
	struct former f = {.who = who};
	err = kith_keys_former(store, row, look, &f);
	*ret_exact = f.begun;
	return err;
}

bool kith_sure_exact(struct kith_store *store, int64_t row, const char *who, const char *command,
	int *ret_status)
{
	bool exact = false;
	enum kith_err err = is_exact(store, row, kith_span_str(who), &exact);

	if (err)
		*ret_status = kith_cli_fail_store(err, store);
	else if (!exact)
		*ret_status = kith_cli_usage(
			command, "with --yes say the whole name, an e-mail address or an id");
	return exact;
}
