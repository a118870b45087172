/* SPDX-License-Identifier: MIT
 *
 * introduction.txt - introductions: statements, messages and files, whole and with one fault each.
 */
#include "base/auto.h"
#include "card/introduction.h"
#include "vectors/vector.h"

static void check_grant(struct kith_vector *v)
{
	struct kith_grant g;
	enum kith_err err = kith_grant_verify(kith_vector_bytes(v, "input"), &g);

	kith_vector_same_class(v, err);
	if (err || v->failed)
		return;
	kith_vector_same(v, "id", kith_span(g.id, sizeof g.id));
	kith_vector_same(v, "subject", kith_span(g.subject, sizeof g.subject));
	kith_vector_same(v, "introducer", kith_span(g.introducer, sizeof g.introducer));
	kith_vector_same(v, "aud", kith_span(g.aud, sizeof g.aud));
	kith_vector_same(v, "card", kith_span(g.card, sizeof g.card));
	kith_vector_same_number(v, "issued", (uint64_t)g.issued);
}

static void check_intro(struct kith_vector *v)
{
	struct kith_intro i;
	enum kith_err err = kith_intro_verify(kith_vector_bytes(v, "input"), &i);

	kith_vector_same_class(v, err);
	if (err || v->failed)
		return;
	kith_vector_same(v, "id", kith_span(i.id, sizeof i.id));
	kith_vector_same(v, "introducer", kith_span(i.introducer, sizeof i.introducer));
	kith_vector_same(v, "subject", kith_span(i.subject, sizeof i.subject));
	kith_vector_same(v, "audience", kith_span(i.audience, sizeof i.audience));
	kith_vector_same(v, "card", kith_span(i.card, sizeof i.card));
	kith_vector_same_number(v, "how", i.how);
	kith_vector_same_number(v, "issued", (uint64_t)i.issued);
}

static void check_aud(struct kith_vector *v)
{
	uint8_t out[32];
	struct kith_span id = kith_vector_bytes(v, "id");

	if (id.n != KITH_INTRODUCTION_ID_BYTES) {
		kith_vector_fail(v, "id of %zu bytes", id.n);
		return;
	}
	kith_introduction_aud(id.p, kith_vector_32(v, "ik"), kith_vector_32(v, "salt"), out);
	kith_vector_same(v, "aud", kith_span(out, sizeof out));
}

/* What was read packs to the same bytes again, unless an ignorable key was left out. */
static void check_packed(struct kith_vector *v, enum kith_err err, const struct kith_buf *out)
{
	struct kith_span input = kith_vector_bytes(v, "input");

	if (err)
		kith_vector_fail(v, "does not pack: %s", kith_err_name(err));
	else if (out->n > input.n || (out->n == input.n && memcmp(out->p, input.p, out->n) != 0))
		kith_vector_fail(v, "packs to other bytes");
}

static void check_propose(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_propose p;
	enum kith_err err = kith_propose_read(kith_vector_bytes(v, "input"), &p);

	kith_vector_same_class(v, err);
	if (err || v->failed)
		return;
	kith_vector_same(v, "id", kith_span(p.id, sizeof p.id));
	kith_vector_same(v, "aud", kith_span(p.aud, sizeof p.aud));
	kith_vector_same(v, "words", p.words);
	check_packed(v, kith_propose_pack(&p, &out), &out);
}

static void check_granted(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_granted g;
	enum kith_err err = kith_granted_read(kith_vector_bytes(v, "input"), &g);

	kith_vector_same_class(v, err);
	if (err || v->failed)
		return;
	kith_vector_same(v, "grant", g.grant);
	kith_vector_same(v, "envelope", g.envelope);
	check_packed(v, kith_granted_pack(&g, &out), &out);
}

static void check_handover(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_handover h;
	enum kith_err err = kith_handover_read(kith_vector_bytes(v, "input"), &h);

	kith_vector_same_class(v, err);
	if (err || v->failed)
		return;
	kith_vector_same(v, "intro", h.intro);
	kith_vector_same(v, "grant", h.other.grant);
	kith_vector_same(v, "envelope", h.other.envelope);
	kith_vector_same(v, "salt_theirs", kith_span(h.salt_theirs, sizeof h.salt_theirs));
	kith_vector_same(v, "salt_mine", kith_span(h.salt_mine, sizeof h.salt_mine));
	check_packed(v, kith_handover_pack(&h, &out), &out);
}

static void check_file(struct kith_vector *v)
{
	struct kith_introfile f;
	enum kith_err err = kith_introfile_verify(kith_vector_bytes(v, "input"), &f);

	kith_vector_same_class(v, err);
	if (err || v->failed)
		return;
	kith_vector_same(v, "from", kith_span(f.from, sizeof f.from));
	kith_vector_same(v, "to", kith_span(f.to, sizeof f.to));
	kith_vector_same_number(v, "number", f.kind);
	kith_vector_same(v, "bytes", f.bytes);
}

static void check_armor(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf got = {0};
	enum kith_err err = kith_introfile_from_file(kith_vector_bytes(v, "input"), &got);

	kith_vector_same_class(v, err);
	if (!err)
		kith_vector_same(v, "bytes", kith_buf_span(&got));
}

void kith_vector_introduction(struct kith_vector *v)
{
	static const struct {
		const char *kind;
		void (*check)(struct kith_vector *v);
	} kinds[] = {{"grant", check_grant}, {"intro", check_intro}, {"aud", check_aud},
		{"propose", check_propose}, {"granted", check_granted},
		{"handover", check_handover}, {"file", check_file}, {"armor", check_armor}};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kith_vector_is(v, "kind", kinds[i].kind)) {
			kinds[i].check(v);
			return;
		}
	kith_vector_fail(v, "of an unknown kind");
}
