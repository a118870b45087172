/* SPDX-License-Identifier: MIT
 *
 * introduction - the first byte says what the rest is: a message, a statement, or a file, as it is or signed here so
 * that what is behind a signature is reached.  What is read packs to bytes that read the same.
 */
#include <sodium.h>

#include "base/limits.h"
#include "card/introduction.h"
#include "crypto/sign.h"
#include "fuzz/fuzz.h"

enum { PROPOSE, GRANTED, HANDOVER, GRANT, INTRO, WRAPPED, TEXT, SIGNED_GRANT, SIGNED_INTRO, FORMS };

/* Errors that reading may answer. */
static bool is_class(enum kith_err err)
{
	return err == KITH_OK || err == KITH_ERR_LIMIT || err == KITH_ERR_TRUNCATED ||
	       err == KITH_ERR_SHAPE || err == KITH_ERR_TYPE || err == KITH_ERR_DUP ||
	       err == KITH_ERR_UTF8 || err == KITH_ERR_VERSION || err == KITH_ERR_NOTCARD ||
	       err == KITH_ERR_SIG || err == KITH_ERR_SUBJECT || err == KITH_ERR_VALUE;
}

/* The seeds of tests/python/cases: the people whose keys stand in the bodies. */
static struct kith_identity *person(const char *name)
{
	uint8_t seed[32];
	char text[64];
	struct kith_identity *id = NULL;
	int n = snprintf(text, sizeof text, "kith vector %s", name);

	(void)crypto_hash_sha256(seed, (const uint8_t *)text, (size_t)n);
	must(kith_identity_from_seed(seed, &id) == KITH_OK);
	return id;
}

static struct kith_identity *ada, *carol; /* who introduces, and who grants */

static void propose(struct kith_span s)
{
	struct kith_propose p, again;
	struct kith_buf out = {0};
	enum kith_err err = kith_propose_read(s, &p);

	must(is_class(err));
	if (!err) {
		must(!kith_introduction_words(p.words));
		must(!kith_propose_pack(&p, &out) && out.n <= s.n);
		must(!kith_propose_read(kith_buf_span(&out), &again));
		must(kith_span_eq(p.words, again.words) && !memcmp(p.id, again.id, sizeof p.id));
	}
	kith_buf_free(&out);
}

static void granted(struct kith_span s)
{
	struct kith_granted g;
	struct kith_buf out = {0};
	enum kith_err err = kith_granted_read(s, &g);

	must(is_class(err));
	if (!err)
		must(!kith_granted_pack(&g, &out) && out.n <= s.n);
	kith_buf_free(&out);
}

static void handover(struct kith_span s)
{
	struct kith_handover h;
	struct kith_buf out = {0};
	enum kith_err err = kith_handover_read(s, &h);

	must(is_class(err));
	if (!err)
		must(!kith_handover_pack(&h, &out) && out.n <= s.n);
	kith_buf_free(&out);
}

/* A grant never passes for an intro, nor the other way round. */
static void statements(struct kith_span s)
{
	struct kith_grant g;
	struct kith_intro i;
	enum kith_err as_grant = kith_grant_verify(s, &g), as_intro = kith_intro_verify(s, &i);

	must(is_class(as_grant) && is_class(as_intro) && (as_grant || as_intro));
	if (!as_intro)
		must((unsigned)i.how <= KITH_INTRO_CHAIN);
}

/* Any body, signed by whom it names or not. */
static void signed_body(enum kith_statement_kind kind, struct kith_span body)
{
	struct kith_buf out = {0};

	if (kith_statement_sign(
		    kind, body, kind == KITH_STATEMENT_INTRO ? ada : carol, NULL, &out) == KITH_OK)
		statements(kith_buf_span(&out));
	kith_buf_free(&out);
}

static void file(struct kith_span s)
{
	struct kith_introfile f, back;
	struct kith_buf again = {0}, armor = {0}, bytes = {0};
	enum kith_err err = kith_introfile_verify(s, &f);

	must(is_class(err));
	if (!err) {
		must(kith_introfile_is(s) && f.bytes.n <= s.n);
		must(!kith_introfile_sign(ada, &f, &again));
		must(!kith_introfile_verify(kith_buf_span(&again), &back) && back.kind == f.kind);
		must(kith_span_eq(f.bytes, back.bytes) && !memcmp(f.to, back.to, sizeof f.to));
		must(!kith_introfile_armor(s, &armor));
		must(!kith_introfile_from_file(kith_buf_span(&armor), &bytes));
		must(kith_span_eq(kith_buf_span(&bytes), s));
	}
	kith_buf_free(&again);
	kith_buf_free(&armor);
	kith_buf_free(&bytes);
}

static void text(struct kith_span s)
{
	struct kith_buf bytes = {0};

	if (kith_introfile_from_file(s, &bytes) == KITH_OK)
		file(kith_buf_span(&bytes));
	kith_buf_free(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};
	uint8_t form = fuzz_byte(&in);
	struct kith_span s = kith_span(in.p, in.n);

	fuzz_start();
	if (!ada) {
		ada = person("ada");
		carol = person("carol");
	}
	switch (form % FORMS) {
	case PROPOSE:
		propose(s);
		break;
	case GRANTED:
		granted(s);
		break;
	case HANDOVER:
		handover(s);
		break;
	case GRANT:
	case INTRO:
		statements(s);
		break;
	case WRAPPED:
		file(s);
		break;
	case TEXT:
		text(s);
		break;
	case SIGNED_GRANT:
		signed_body(KITH_STATEMENT_GRANT, s);
		break;
	case SIGNED_INTRO:
		signed_body(KITH_STATEMENT_INTRO, s);
		break;
	}
	return 0;
}
