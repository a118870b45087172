/* SPDX-License-Identifier: MIT */
#include <kith/card.h>

#include "base/auto.h"
#include "base/limits.h"
#include "card/fields.h"
#include "codec/pack.h"
#include "codec/scan.h"
#include "codec/unpack.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define MAGIC "KITHCARD"
#define LABEL "kith/1 card"

enum {
	ENVELOPE_VERSION = 1,
	FMT = 1,
	FIRST_IGNORABLE_KEY = 64,
	KEY_FMT = 1,
	KEY_IK,
	KEY_XK,
	KEY_REV,
	KEY_ISSUED,
	KEY_FIELDS,
	KEY_PREV,
	KEY_PASS,
	KEY_VARIANT,
	KEY_CARD,
	PASS_MAX = 2,
};

#define NUMBER_MAX ((UINT64_C(1) << 53) - 1) /* exact in every language's numbers */

_Static_assert(sizeof((struct kith_card *)0)->card == KITH_CARD_ID_BYTES, "card.h and limits.def");

static enum kith_err pack_body(
	const struct kith_identity *id, const struct kith_card *c, struct kith_buf *out)
{
	struct kith_packer p = {.out = out};

	kith_pack_map(&p, c->has_prev ? 10 : 9);
	kith_pack_uint(&p, KEY_FMT);
	kith_pack_uint(&p, FMT);
	kith_pack_uint(&p, KEY_IK);
	kith_pack_bin(&p, kith_span(kith_identity_ik(id), KITH_KEY_BYTES));
	kith_pack_uint(&p, KEY_XK);
	kith_pack_bin(&p, kith_span(kith_identity_xk(id), KITH_KEY_BYTES));
	kith_pack_uint(&p, KEY_REV);
	kith_pack_uint(&p, c->rev);
	kith_pack_uint(&p, KEY_ISSUED);
	kith_pack_uint(&p, c->issued < 0 ? 0 : (uint64_t)c->issued);
	kith_pack_uint(&p, KEY_FIELDS);
	kith_fields_write(&p, &c->fields);
	if (c->has_prev) {
		kith_pack_uint(&p, KEY_PREV);
		kith_pack_bin(&p, kith_span(c->prev, sizeof c->prev));
	}
	kith_pack_uint(&p, KEY_PASS);
	kith_pack_uint(&p, c->pass);
	kith_pack_uint(&p, KEY_VARIANT);
	kith_pack_uint(&p, c->variant);
	kith_pack_uint(&p, KEY_CARD);
	kith_pack_bin(&p, kith_span(c->card, sizeof c->card));
	return p.err;
}

enum kith_err kith_card_sign(
	const struct kith_identity *id, const struct kith_card *card, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf body = {0};
	uint8_t sig[KITH_SIG_BYTES];
	enum kith_err err = kith_fields_check(&card->fields);

	if (err)
		return err;
	if (card->rev < 1 || card->rev > NUMBER_MAX || card->pass > PASS_MAX ||
		card->issued > (int64_t)NUMBER_MAX ||
		(card->variant != KITH_CARD_FULL && card->variant != KITH_CARD_POCKET))
		return KITH_ERR_VALUE;
	if ((err = pack_body(id, card, &body)))
		return err;
	/* Many addresses are few bytes but more elements than a reader takes. */
	if ((err = kith_scan(kith_buf_span(&body), card->variant == KITH_CARD_POCKET
							   ? KITH_CARD_POCKET_MAX
							   : KITH_CARD_BODY_MAX)))
		return err;
	if ((err = kith_sign(id, LABEL, kith_buf_span(&body), sig)))
		return err;
	size_t start = out->n;
	struct kith_packer p = {.out = out};
	kith_pack_array(&p, 4);
	kith_pack_str(&p, kith_span_str(MAGIC));
	kith_pack_uint(&p, ENVELOPE_VERSION);
	kith_pack_bin(&p, kith_buf_span(&body));
	kith_pack_bin(&p, kith_span(sig, sizeof sig));
	if (p.err)
		out->n = start;
	return p.err;
}

/* Steps 1 to 4: the envelope's own shape. */
static enum kith_err open_envelope(
	struct kith_span envelope, struct kith_span *ret_body, struct kith_span *ret_sig)
{
	KITH_DOC struct kith_doc doc;
	enum kith_err err = kith_doc_open(&doc, envelope, KITH_CARD_ENVELOPE_MAX);

	if (err)
		return err;
	struct kith_node root = kith_doc_root(&doc);
	if (kith_node_kind(root) != KITH_ARRAY || kith_node_count(root) != 4 ||
		kith_node_kind(kith_node_at(root, 0)) != KITH_STR ||
		!kith_span_eq(kith_node_bytes(kith_node_at(root, 0)), kith_span_str(MAGIC)))
		return KITH_ERR_NOTCARD;
	if (kith_node_kind(kith_node_at(root, 1)) != KITH_UINT ||
		kith_node_uint(kith_node_at(root, 1)) != ENVELOPE_VERSION)
		return KITH_ERR_VERSION;
	if (kith_node_kind(kith_node_at(root, 2)) != KITH_BIN ||
		kith_node_kind(kith_node_at(root, 3)) != KITH_BIN)
		return KITH_ERR_TYPE;
	*ret_body = kith_node_bytes(kith_node_at(root, 2));
	*ret_sig = kith_node_bytes(kith_node_at(root, 3));
	if (ret_sig->n != KITH_SIG_BYTES)
		return KITH_ERR_SHAPE;
	return ret_body->n > KITH_CARD_BODY_MAX ? KITH_ERR_LIMIT : KITH_OK;
}

/* The number at a required key, at most max. */
static enum kith_err need_uint(struct kith_node map, uint64_t key, uint64_t max, uint64_t *ret)
{
	struct kith_node n = kith_node_get(map, key);

	if (kith_node_kind(n) == KITH_ABSENT)
		return KITH_ERR_SHAPE;
	if (kith_node_kind(n) != KITH_UINT || kith_node_uint(n) > max)
		return KITH_ERR_TYPE;
	*ret = kith_node_uint(n);
	return KITH_OK;
}

/* The bytes at a required key, exactly n. */
static enum kith_err need_bin(struct kith_node map, uint64_t key, uint8_t *ret, size_t n)
{
	struct kith_node v = kith_node_get(map, key);

	if (kith_node_kind(v) == KITH_ABSENT)
		return KITH_ERR_SHAPE;
	if (kith_node_kind(v) != KITH_BIN)
		return KITH_ERR_TYPE;
	if (kith_node_bytes(v).n != n)
		return KITH_ERR_SHAPE;
	memcpy(ret, kith_node_bytes(v).p, n);
	return KITH_OK;
}

/* Steps 5 and 6: whose body is it, and has he signed it? */
static enum kith_err authenticate(
	struct kith_node body, struct kith_span bytes, struct kith_span sig, struct kith_card *c)
{
	uint64_t fmt;
	enum kith_err err = need_uint(body, KEY_FMT, UINT64_MAX, &fmt);

	if (err)
		return err;
	if (fmt != FMT)
		return KITH_ERR_VERSION;
	if ((err = need_bin(body, KEY_IK, c->ik, sizeof c->ik)))
		return err;
	return kith_sign_verify(c->ik, LABEL, bytes, sig.p);
}

/* Steps 7 and 8: everything but the fields. */
static enum kith_err read_numbers(struct kith_node body, struct kith_card *c)
{
	uint64_t issued, pass, variant;
	enum kith_err err;

	for (size_t i = 0; i < kith_node_count(body); i++) {
		uint64_t key = kith_node_key(body, i);
		if (key < KEY_FMT || (key > KEY_CARD && key < FIRST_IGNORABLE_KEY))
			return KITH_ERR_VERSION;
	}
	if ((err = need_bin(body, KEY_XK, c->xk, sizeof c->xk)) ||
		(err = need_uint(body, KEY_REV, NUMBER_MAX, &c->rev)))
		return err;
	if (c->rev == 0)
		return KITH_ERR_TYPE;
	if ((err = need_uint(body, KEY_ISSUED, NUMBER_MAX, &issued)))
		return err;
	if (kith_node_kind(kith_node_get(body, KEY_FIELDS)) == KITH_ABSENT)
		return KITH_ERR_SHAPE;
	if (kith_node_kind(kith_node_get(body, KEY_FIELDS)) != KITH_ARRAY)
		return KITH_ERR_TYPE;
	c->has_prev = kith_node_kind(kith_node_get(body, KEY_PREV)) != KITH_ABSENT;
	if ((c->has_prev && (err = need_bin(body, KEY_PREV, c->prev, sizeof c->prev))) ||
		(err = need_uint(body, KEY_PASS, PASS_MAX, &pass)) ||
		(err = need_uint(body, KEY_VARIANT, KITH_CARD_POCKET, &variant)) ||
		(err = need_bin(body, KEY_CARD, c->card, sizeof c->card)))
		return err;
	c->issued = (int64_t)issued;
	c->pass = (uint32_t)pass;
	c->variant = (enum kith_card_variant)variant;
	return KITH_OK;
}

enum kith_err kith_card_verify(struct kith_span envelope, struct kith_card *ret_card)
{
	KITH_DOC struct kith_doc doc = {0};
	KITH_AUTO_FREE struct kith_card *c = calloc(1, sizeof *c);
	struct kith_span body, sig;
	enum kith_err err;

	if (!c)
		return KITH_ERR_NOMEM;
	if ((err = open_envelope(envelope, &body, &sig)) ||
		(err = kith_doc_open(&doc, body, KITH_CARD_BODY_MAX)))
		return err;
	struct kith_node root = kith_doc_root(&doc);
	if (kith_node_kind(root) != KITH_MAP)
		return KITH_ERR_SHAPE;
	c->body = body;
	if ((err = authenticate(root, body, sig, c)) || (err = read_numbers(root, c)))
		return err;
	if (c->variant == KITH_CARD_POCKET && body.n > KITH_CARD_POCKET_MAX)
		return KITH_ERR_LIMIT;
	if ((err = kith_fields_read(kith_node_get(root, KEY_FIELDS), &c->fields)))
		return err;
	const struct kith_field *name = kith_fields_first(&c->fields, KITH_FIELD_NAME);
	if (!name || name->part[0].n == 0)
		return KITH_ERR_SHAPE;
	*ret_card = *c;
	return KITH_OK;
}

void kith_card_prev(struct kith_span body, uint8_t out[static 32])
{
	kith_hash(out, "kith/1 prev", &body, 1);
}

void kith_card_hash(struct kith_span envelope, uint8_t out[static 32])
{
	kith_hash(out, "kith/1 env", &envelope, 1);
}

enum kith_err kith_card_newer(const struct kith_card *have, const struct kith_card *got)
{
	if (got->rev < have->rev)
		return KITH_ERR_ROLLBACK;
	if (got->rev == have->rev)
		return kith_span_eq(got->body, have->body) ? KITH_ERR_EXISTS : KITH_ERR_CONFLICT;
	if (got->rev - have->rev > KITH_JUMP_MAX)
		return KITH_ERR_LIMIT;
	return KITH_OK;
}
