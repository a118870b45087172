/* SPDX-License-Identifier: MIT */
#include "card/introduction.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "card/armor.h"
#include "codec/pack.h"
#include "codec/unpack.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define MAGIC "KITHINTR"
#define LABEL "kith/1 introduction"

enum {
	VERSION = 1,
	FMT = 1,
	FIRST_IGNORABLE_KEY = 64,
	KEY_FMT = 1,
	GRANT_ID = 2,
	GRANT_SUBJECT,
	GRANT_INTRODUCER,
	GRANT_AUD,
	GRANT_CARD,
	GRANT_ISSUED,
	INTRO_ID = 2,
	INTRO_INTRODUCER,
	INTRO_SUBJECT,
	INTRO_AUDIENCE,
	INTRO_CARD,
	INTRO_HOW,
	INTRO_ISSUED,
	PROPOSE_ID = 1,
	PROPOSE_AUD,
	PROPOSE_WORDS,
	GRANTED_GRANT = 1,
	GRANTED_ENVELOPE,
	HANDOVER_INTRO = 1,
	HANDOVER_GRANT,
	HANDOVER_ENVELOPE,
	HANDOVER_SALT_THEIRS,
	HANDOVER_SALT_MINE,
	FILE_FROM = 2,
	FILE_TO,
	FILE_KIND,
	FILE_BYTES,
};

#define NUMBER_MAX ((UINT64_C(1) << 53) - 1) /* exact in every language's numbers */

static const uint8_t magic[] = {0x94, 0xa8, 'K', 'I', 'T', 'H', 'I', 'N', 'T', 'R'};

void kith_introduction_aud(const uint8_t id[static KITH_INTRODUCTION_ID_BYTES],
	const uint8_t ik[static KITH_KEY_BYTES], const uint8_t salt[static KITH_INTRODUCTION_SALT],
	uint8_t out[static 32])
{
	struct kith_span parts[] = {kith_span(id, KITH_INTRODUCTION_ID_BYTES),
		kith_span(ik, KITH_KEY_BYTES), kith_span(salt, KITH_INTRODUCTION_SALT)};

	kith_hash(out, "kith/1 aud", parts, 3);
}

enum kith_err kith_introduction_words(struct kith_span words)
{
	size_t characters = 0;

	if (words.n == 0)
		return KITH_ERR_VALUE;
	if (words.n > KITH_INTRODUCTION_WORDS_MAX)
		return KITH_ERR_LIMIT;
	if (!kith_text_valid(words))
		return KITH_ERR_UTF8;
	for (size_t i = 0; i < words.n; i++)
		characters += (words.p[i] & 0xc0) != 0x80; /* not a byte that goes on with one */
	return characters > KITH_INTRODUCTION_WORDS ? KITH_ERR_LIMIT : KITH_OK;
}

/* --- writing maps ---------------------------------------------------------------------------- */

static void put_uint(struct kith_packer *p, uint64_t key, uint64_t v)
{
	kith_pack_uint(p, key);
	kith_pack_uint(p, v);
}

static void put_bin(struct kith_packer *p, uint64_t key, struct kith_span bytes)
{
	kith_pack_uint(p, key);
	kith_pack_bin(p, bytes);
}

static void put_key(struct kith_packer *p, uint64_t key, const uint8_t bytes[static 32])
{
	put_bin(p, key, kith_span(bytes, 32));
}

static void put_id(struct kith_packer *p, uint64_t key, const uint8_t id[static 16])
{
	put_bin(p, key, kith_span(id, KITH_INTRODUCTION_ID_BYTES));
}

/* What every clock says is a number in range. */
static uint64_t time_of(int64_t now)
{
	return now < 0 ? 0 : (uint64_t)now > NUMBER_MAX ? NUMBER_MAX : (uint64_t)now;
}

/* --- reading maps: the first fault sticks ---------------------------------------------------- */

struct reader {
	struct kith_doc doc;
	struct kith_node map;
	enum kith_err err;
};

static void reader_end(struct reader *r)
{
	kith_doc_close(&r->doc);
}

static struct reader read_map(struct kith_span bytes, size_t max)
{
	struct reader r = {0};

	r.err = kith_doc_open(&r.doc, bytes, max);
	if (r.err)
		return r;
	r.map = kith_doc_root(&r.doc);
	if (kith_node_kind(r.map) != KITH_MAP)
		r.err = KITH_ERR_SHAPE;
	return r;
}

/* The value at a required key, of that kind. */
static struct kith_node need(struct reader *r, uint64_t key, enum kith_kind kind)
{
	struct kith_node v = {0};

	if (r->err)
		return v;
	v = kith_node_get(r->map, key);
	if (kith_node_kind(v) == KITH_ABSENT)
		r->err = KITH_ERR_SHAPE;
	else if (kith_node_kind(v) != kind)
		r->err = KITH_ERR_TYPE;
	return v;
}

static uint64_t need_uint(struct reader *r, uint64_t key, uint64_t max)
{
	uint64_t v = kith_node_uint(need(r, key, KITH_UINT));

	if (!r->err && v > max)
		r->err = KITH_ERR_TYPE;
	return r->err ? 0 : v;
}

static struct kith_span need_bin(struct reader *r, uint64_t key)
{
	struct kith_node v = need(r, key, KITH_BIN);

	return r->err ? kith_span(NULL, 0) : kith_node_bytes(v);
}

static void need_bytes(struct reader *r, uint64_t key, uint8_t *ret, size_t n)
{
	struct kith_span v = need_bin(r, key);

	if (!r->err && v.n != n)
		r->err = KITH_ERR_SHAPE;
	if (!r->err)
		memcpy(ret, v.p, n);
}

/* A format that is not ours is one of a newer kith. */
static void need_fmt(struct reader *r)
{
	if (need_uint(r, KEY_FMT, UINT64_MAX) != FMT && !r->err)
		r->err = KITH_ERR_VERSION;
}

/* A key that only a newer kith knows, and that must not be passed over. */
static void check_keys(struct reader *r, uint64_t last)
{
	for (size_t i = 0; !r->err && i < kith_node_count(r->map); i++) {
		uint64_t key = kith_node_key(r->map, i);
		if (key < KEY_FMT || (key > last && key < FIRST_IGNORABLE_KEY))
			r->err = KITH_ERR_VERSION;
	}
}

/* --- statements ------------------------------------------------------------------------------ */

enum kith_err kith_grant_sign(
	const struct kith_identity *id, const struct kith_grant *grant, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf body = {0};
	struct kith_packer p = {.out = &body};

	kith_pack_map(&p, 7);
	put_uint(&p, KEY_FMT, FMT);
	put_id(&p, GRANT_ID, grant->id);
	put_key(&p, GRANT_SUBJECT, kith_identity_ik(id));
	put_key(&p, GRANT_INTRODUCER, grant->introducer);
	put_key(&p, GRANT_AUD, grant->aud);
	put_key(&p, GRANT_CARD, grant->card);
	put_uint(&p, GRANT_ISSUED, time_of(grant->issued));
	return p.err ? p.err
		     : kith_statement_sign(
			       KITH_STATEMENT_GRANT, kith_buf_span(&body), id, NULL, out);
}

enum kith_err kith_intro_sign(
	const struct kith_identity *id, const struct kith_intro *intro, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf body = {0};
	struct kith_packer p = {.out = &body};

	if ((unsigned)intro->how > KITH_INTRO_CHAIN)
		return KITH_ERR_VALUE;
	kith_pack_map(&p, 8);
	put_uint(&p, KEY_FMT, FMT);
	put_id(&p, INTRO_ID, intro->id);
	put_key(&p, INTRO_INTRODUCER, kith_identity_ik(id));
	put_key(&p, INTRO_SUBJECT, intro->subject);
	put_key(&p, INTRO_AUDIENCE, intro->audience);
	put_key(&p, INTRO_CARD, intro->card);
	put_uint(&p, INTRO_HOW, intro->how);
	put_uint(&p, INTRO_ISSUED, time_of(intro->issued));
	return p.err ? p.err
		     : kith_statement_sign(
			       KITH_STATEMENT_INTRO, kith_buf_span(&body), id, NULL, out);
}

static enum kith_err open_kind(struct kith_span bytes, enum kith_statement_kind kind,
	struct kith_statement_frame *ret_frame)
{
	enum kith_err err = kith_statement_open(bytes, ret_frame);

	return err || ret_frame->kind == kind ? err : KITH_ERR_SUBJECT;
}

/* The signature, and after it what else is in the body. */
static enum kith_err finish(struct reader *r, const struct kith_statement_frame *frame,
	const uint8_t signer[static KITH_KEY_BYTES], uint64_t last)
{
	if (!r->err)
		r->err = kith_statement_signed(frame, 0, signer);
	check_keys(r, last);
	return r->err;
}

enum kith_err kith_grant_verify(struct kith_span bytes, struct kith_grant *ret_grant)
{
	struct kith_statement_frame frame;
	struct kith_grant g = {0};
	enum kith_err err = open_kind(bytes, KITH_STATEMENT_GRANT, &frame);

	if (err)
		return err;
	KITH_AUTO(reader_end) struct reader r = read_map(frame.body, KITH_STATEMENT_MAX);
	need_bytes(&r, GRANT_ID, g.id, sizeof g.id);
	need_bytes(&r, GRANT_SUBJECT, g.subject, sizeof g.subject);
	need_bytes(&r, GRANT_INTRODUCER, g.introducer, sizeof g.introducer);
	need_bytes(&r, GRANT_AUD, g.aud, sizeof g.aud);
	need_bytes(&r, GRANT_CARD, g.card, sizeof g.card);
	g.issued = (int64_t)need_uint(&r, GRANT_ISSUED, NUMBER_MAX);
	if ((err = finish(&r, &frame, g.subject, GRANT_ISSUED)))
		return err;
	*ret_grant = g;
	return KITH_OK;
}

enum kith_err kith_intro_verify(struct kith_span bytes, struct kith_intro *ret_intro)
{
	struct kith_statement_frame frame;
	struct kith_intro i = {0};
	enum kith_err err = open_kind(bytes, KITH_STATEMENT_INTRO, &frame);

	if (err)
		return err;
	KITH_AUTO(reader_end) struct reader r = read_map(frame.body, KITH_STATEMENT_MAX);
	need_bytes(&r, INTRO_ID, i.id, sizeof i.id);
	need_bytes(&r, INTRO_INTRODUCER, i.introducer, sizeof i.introducer);
	need_bytes(&r, INTRO_SUBJECT, i.subject, sizeof i.subject);
	need_bytes(&r, INTRO_AUDIENCE, i.audience, sizeof i.audience);
	need_bytes(&r, INTRO_CARD, i.card, sizeof i.card);
	i.how = (enum kith_intro_how)need_uint(&r, INTRO_HOW, KITH_INTRO_CHAIN);
	i.issued = (int64_t)need_uint(&r, INTRO_ISSUED, NUMBER_MAX);
	if ((err = finish(&r, &frame, i.introducer, INTRO_ISSUED)))
		return err;
	*ret_intro = i;
	return KITH_OK;
}

/* --- messages -------------------------------------------------------------------------------- */

enum kith_err kith_propose_pack(const struct kith_propose *propose, struct kith_buf *out)
{
	struct kith_packer p = {.out = out};

	kith_pack_map(&p, 3);
	put_id(&p, PROPOSE_ID, propose->id);
	put_key(&p, PROPOSE_AUD, propose->aud);
	kith_pack_uint(&p, PROPOSE_WORDS);
	kith_pack_str(&p, propose->words);
	return p.err;
}

enum kith_err kith_granted_pack(const struct kith_granted *granted, struct kith_buf *out)
{
	struct kith_packer p = {.out = out};

	kith_pack_map(&p, 2);
	put_bin(&p, GRANTED_GRANT, granted->grant);
	put_bin(&p, GRANTED_ENVELOPE, granted->envelope);
	return p.err;
}

enum kith_err kith_handover_pack(const struct kith_handover *handover, struct kith_buf *out)
{
	struct kith_packer p = {.out = out};

	kith_pack_map(&p, 5);
	put_bin(&p, HANDOVER_INTRO, handover->intro);
	put_bin(&p, HANDOVER_GRANT, handover->other.grant);
	put_bin(&p, HANDOVER_ENVELOPE, handover->other.envelope);
	put_key(&p, HANDOVER_SALT_THEIRS, handover->salt_theirs);
	put_key(&p, HANDOVER_SALT_MINE, handover->salt_mine);
	return p.err;
}

enum kith_err kith_propose_read(struct kith_span bytes, struct kith_propose *ret_propose)
{
	KITH_AUTO(reader_end) struct reader r = read_map(bytes, KITH_PARCEL_MAX);
	struct kith_propose v = {0};

	need_bytes(&r, PROPOSE_ID, v.id, sizeof v.id);
	need_bytes(&r, PROPOSE_AUD, v.aud, sizeof v.aud);
	struct kith_node words = need(&r, PROPOSE_WORDS, KITH_STR);
	if (!r.err) {
		v.words = kith_node_bytes(words);
		r.err = kith_introduction_words(v.words);
	}
	check_keys(&r, PROPOSE_WORDS);
	if (!r.err)
		*ret_propose = v;
	return r.err;
}

enum kith_err kith_granted_read(struct kith_span bytes, struct kith_granted *ret_granted)
{
	KITH_AUTO(reader_end) struct reader r = read_map(bytes, KITH_PARCEL_MAX);
	struct kith_granted v = {0};

	v.grant = need_bin(&r, GRANTED_GRANT);
	v.envelope = need_bin(&r, GRANTED_ENVELOPE);
	check_keys(&r, GRANTED_ENVELOPE);
	if (!r.err)
		*ret_granted = v;
	return r.err;
}

enum kith_err kith_handover_read(struct kith_span bytes, struct kith_handover *ret_handover)
{
	KITH_AUTO(reader_end) struct reader r = read_map(bytes, KITH_PARCEL_MAX);
	struct kith_handover v = {0};

	v.intro = need_bin(&r, HANDOVER_INTRO);
	v.other.grant = need_bin(&r, HANDOVER_GRANT);
	v.other.envelope = need_bin(&r, HANDOVER_ENVELOPE);
	need_bytes(&r, HANDOVER_SALT_THEIRS, v.salt_theirs, sizeof v.salt_theirs);
	need_bytes(&r, HANDOVER_SALT_MINE, v.salt_mine, sizeof v.salt_mine);
	check_keys(&r, HANDOVER_SALT_MINE);
	if (!r.err)
		*ret_handover = v;
	return r.err;
}

/* --- files ----------------------------------------------------------------------------------- */

static enum kith_err pack_file(
	const struct kith_identity *id, const struct kith_introfile *file, struct kith_buf *body)
{
	struct kith_packer p = {.out = body};

	kith_pack_map(&p, 5);
	put_uint(&p, KEY_FMT, FMT);
	put_key(&p, FILE_FROM, kith_identity_ik(id));
	put_key(&p, FILE_TO, file->to);
	put_uint(&p, FILE_KIND, file->kind);
	put_bin(&p, FILE_BYTES, file->bytes);
	return p.err;
}

enum kith_err kith_introfile_sign(
	const struct kith_identity *id, const struct kith_introfile *file, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf body = {0};
	uint8_t sig[KITH_SIG_BYTES];
	size_t start = out->n;
	enum kith_err err;

	if (file->kind < KITH_INTROFILE_FIRST || file->kind > KITH_INTROFILE_LAST)
		return KITH_ERR_VALUE;
	if ((err = pack_file(id, file, &body)) ||
		(err = kith_sign(id, LABEL, kith_buf_span(&body), sig)))
		return err;
	struct kith_packer p = {.out = out};
	kith_pack_array(&p, 4);
	kith_pack_str(&p, kith_span_str(MAGIC));
	kith_pack_uint(&p, VERSION);
	kith_pack_bin(&p, kith_buf_span(&body));
	kith_pack_bin(&p, kith_span(sig, sizeof sig));
	if (!p.err && out->n - start > KITH_INTRODUCTION_FILE_MAX)
		p.err = KITH_ERR_LIMIT;
	if (p.err)
		out->n = start;
	return p.err;
}

/* What is around the body. */
static enum kith_err open_file(
	struct kith_span bytes, struct kith_span *ret_body, struct kith_span *ret_sig)
{
	KITH_DOC struct kith_doc doc = {0};
	enum kith_err err = kith_doc_open(&doc, bytes, KITH_INTRODUCTION_FILE_MAX);

	if (err)
		return err;
	struct kith_node root = kith_doc_root(&doc);
	if (kith_node_kind(root) != KITH_ARRAY || kith_node_count(root) != 4 ||
		kith_node_kind(kith_node_at(root, 0)) != KITH_STR ||
		!kith_span_eq(kith_node_bytes(kith_node_at(root, 0)), kith_span_str(MAGIC)))
		return KITH_ERR_NOTCARD;
	if (kith_node_uint(kith_node_at(root, 1)) != VERSION)
		return KITH_ERR_VERSION;
	if (kith_node_kind(kith_node_at(root, 2)) != KITH_BIN ||
		kith_node_kind(kith_node_at(root, 3)) != KITH_BIN)
		return KITH_ERR_TYPE;
	*ret_body = kith_node_bytes(kith_node_at(root, 2));
	*ret_sig = kith_node_bytes(kith_node_at(root, 3));
	return ret_sig->n == KITH_SIG_BYTES ? KITH_OK : KITH_ERR_SHAPE;
}

enum kith_err kith_introfile_verify(struct kith_span bytes, struct kith_introfile *ret_file)
{
	struct kith_introfile v = {0};
	struct kith_span body, sig;
	enum kith_err err = open_file(bytes, &body, &sig);

	if (err)
		return err;
	KITH_AUTO(reader_end) struct reader r = read_map(body, KITH_INTRODUCTION_FILE_MAX);
	need_fmt(&r);
	need_bytes(&r, FILE_FROM, v.from, sizeof v.from);
	need_bytes(&r, FILE_TO, v.to, sizeof v.to);
	v.kind = need_uint(&r, FILE_KIND, KITH_INTROFILE_LAST);
	if (!r.err && v.kind < KITH_INTROFILE_FIRST)
		r.err = KITH_ERR_TYPE;
	v.bytes = need_bin(&r, FILE_BYTES);
	if (!r.err)
		r.err = kith_sign_verify(v.from, LABEL, body, sig.p);
	check_keys(&r, FILE_BYTES);
	if (!r.err)
		*ret_file = v;
	return r.err;
}

bool kith_introfile_is(struct kith_span bytes)
{
	return bytes.n >= sizeof magic && memcmp(bytes.p, magic, sizeof magic) == 0;
}

enum kith_err kith_introfile_from_file(struct kith_span bytes, struct kith_buf *out)
{
	if (kith_introfile_is(bytes))
		return kith_buf_add(out, bytes.p, bytes.n);
	return kith_armor_read(KITH_ARMOR_INTRODUCTION, bytes, out);
}

enum kith_err kith_introfile_armor(struct kith_span file, struct kith_buf *out)
{
	return kith_armor_write(KITH_ARMOR_INTRODUCTION, file, out);
}
