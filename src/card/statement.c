/* SPDX-License-Identifier: MIT */
#include <kith/statement.h>

#include <strings.h>

#include "base/auto.h"
#include "base/limits.h"
#include "card/armor.h"
#include "codec/pack.h"
#include "codec/unpack.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define MAGIC "KITHSTMT"

enum {
	VERSION = 1,
	FMT = 1,
	FIRST_IGNORABLE_KEY = 64,
	KEY_FMT = 1,
	ROTATE_OLD = 2,
	ROTATE_NEW,
	ROTATE_XK,
	ROTATE_SEQ,
	ROTATE_ISSUED,
	REVOKE_IK = 2,
	REVOKE_REASON,
	REVOKE_ISSUED,
};

#define NUMBER_MAX ((UINT64_C(1) << 53) - 1) /* exact in every language's numbers */

static const uint8_t magic[] = {0x95, 0xa8, 'K', 'I', 'T', 'H', 'S', 'T', 'M', 'T'};

/* What is signed in front of the body, and by how many keys; kinds from 1. */
static const struct {
	const char *label;
	size_t signers;
} kinds[] = {
	[KITH_STATEMENT_ROTATE] = {"kith/1 rotate", 2},
	[KITH_STATEMENT_REVOKE] = {"kith/1 revoke", 1},
	[KITH_STATEMENT_GRANT] = {"kith/1 grant", 1},
	[KITH_STATEMENT_INTRO] = {"kith/1 intro", 1},
};

#define KINDS (sizeof kinds / sizeof kinds[0])

/* --- reasons --------------------------------------------------------------------------------- */

static const char *const reasons[] = {
	[KITH_REVOKE_UNSPECIFIED] = "unspecified",
	[KITH_REVOKE_LOST] = "lost",
	[KITH_REVOKE_STOLEN] = "stolen",
	[KITH_REVOKE_RETIRED] = "retired",
};

#define REASONS (sizeof reasons / sizeof reasons[0])

const char *kith_revoke_reason_name(enum kith_revoke_reason reason)
{
	return (size_t)reason < REASONS ? reasons[reason] : reasons[KITH_REVOKE_UNSPECIFIED];
}

bool kith_revoke_reason_named(struct kith_span name, enum kith_revoke_reason *ret_reason)
{
	for (size_t i = 0; i < REASONS; i++)
		if (name.n == strlen(reasons[i]) &&
			strncasecmp((const char *)name.p, reasons[i], name.n) == 0) {
			*ret_reason = (enum kith_revoke_reason)i;
			return true;
		}
	return false;
}

/* --- any statement --------------------------------------------------------------------------- */

enum kith_err kith_statement_sign(enum kith_statement_kind kind, struct kith_span body,
	const struct kith_identity *first, const struct kith_identity *second, struct kith_buf *out)
{
	const struct kith_identity *const by[] = {first, second};
	uint8_t sigs[2 * KITH_SIG_BYTES];
	size_t start = out->n;
	enum kith_err err = KITH_OK;

	if (kind < 1 || (size_t)kind >= KINDS || !first || !second != (kinds[kind].signers == 1))
		return KITH_ERR_VALUE;
	for (size_t i = 0; !err && i < kinds[kind].signers; i++)
		err = kith_sign(by[i], kinds[kind].label, body, sigs + i * KITH_SIG_BYTES);
	if (err)
		return err;
	struct kith_packer p = {.out = out};
	kith_pack_array(&p, 5);
	kith_pack_str(&p, kith_span_str(MAGIC));
	kith_pack_uint(&p, VERSION);
	kith_pack_uint(&p, kind);
	kith_pack_bin(&p, body);
	kith_pack_bin(&p, kith_span(sigs, kinds[kind].signers * KITH_SIG_BYTES));
	if (!p.err && out->n - start > KITH_STATEMENT_MAX)
		p.err = KITH_ERR_LIMIT;
	if (p.err)
		out->n = start;
	return p.err;
}

/* The number at index i of an array, 0 (which is none of ours) for anything else. */
static uint64_t number_at(struct kith_node array, size_t i)
{
	return kith_node_uint(kith_node_at(array, i));
}

/* Up to the signatures' length. */
static enum kith_err open_frame(struct kith_node root, struct kith_statement_frame *f)
{
	if (kith_node_kind(root) != KITH_ARRAY || kith_node_count(root) != 5 ||
		kith_node_kind(kith_node_at(root, 0)) != KITH_STR ||
		!kith_span_eq(kith_node_bytes(kith_node_at(root, 0)), kith_span_str(MAGIC)))
		return KITH_ERR_NOTCARD;
	uint64_t kind = number_at(root, 2);
	if (number_at(root, 1) != VERSION || kind < 1 || kind >= KINDS)
		return KITH_ERR_VERSION;
	if (kith_node_kind(kith_node_at(root, 3)) != KITH_BIN ||
		kith_node_kind(kith_node_at(root, 4)) != KITH_BIN)
		return KITH_ERR_TYPE;
	*f = (struct kith_statement_frame){
		.kind = (enum kith_statement_kind)kind,
		.body = kith_node_bytes(kith_node_at(root, 3)),
		.sigs = kith_node_bytes(kith_node_at(root, 4)),
	};
	return f->sigs.n == kinds[kind].signers * KITH_SIG_BYTES ? KITH_OK : KITH_ERR_SHAPE;
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

/* The key at a required key. */
static enum kith_err need_key(
	struct kith_node map, uint64_t key, uint8_t ret[static KITH_KEY_BYTES])
{
	struct kith_node v = kith_node_get(map, key);

	if (kith_node_kind(v) == KITH_ABSENT)
		return KITH_ERR_SHAPE;
	if (kith_node_kind(v) != KITH_BIN)
		return KITH_ERR_TYPE;
	if (kith_node_bytes(v).n != KITH_KEY_BYTES)
		return KITH_ERR_SHAPE;
	memcpy(ret, kith_node_bytes(v).p, KITH_KEY_BYTES);
	return KITH_OK;
}

/* The body, opened: a map of our fmt. */
static enum kith_err open_body(struct kith_doc *doc, struct kith_span body)
{
	uint64_t fmt = 0;
	enum kith_err err = kith_doc_open(doc, body, KITH_STATEMENT_MAX);

	if (err)
		return err;
	if (kith_node_kind(kith_doc_root(doc)) != KITH_MAP)
		return KITH_ERR_SHAPE;
	err = need_uint(kith_doc_root(doc), KEY_FMT, UINT64_MAX, &fmt);
	return err || fmt == FMT ? err : KITH_ERR_VERSION;
}

enum kith_err kith_statement_open(struct kith_span bytes, struct kith_statement_frame *ret_frame)
{
	KITH_DOC struct kith_doc doc = {0};
	KITH_DOC struct kith_doc body = {0};
	struct kith_statement_frame frame;
	enum kith_err err = kith_doc_open(&doc, bytes, KITH_STATEMENT_MAX);

	if (!err)
		err = open_frame(kith_doc_root(&doc), &frame);
	if (!err)
		err = open_body(&body, frame.body);
	if (err)
		return err;
	*ret_frame = frame;
	return KITH_OK;
}

enum kith_err kith_statement_signed(
	const struct kith_statement_frame *frame, size_t i, const uint8_t ik[static KITH_KEY_BYTES])
{
	if ((i + 1) * KITH_SIG_BYTES > frame->sigs.n)
		return KITH_ERR_SIG;
	return kith_sign_verify(
		ik, kinds[frame->kind].label, frame->body, frame->sigs.p + i * KITH_SIG_BYTES);
}

void kith_statement_hash(const struct kith_statement_frame *frame, uint8_t out[static 32])
{
	uint8_t kind = (uint8_t)frame->kind;
	struct kith_span parts[2] = {kith_span(&kind, 1), frame->body};

	kith_hash(out, "kith/1 statement", parts, 2);
}

/* --- files ----------------------------------------------------------------------------------- */

bool kith_statement_is(struct kith_span bytes)
{
	return bytes.n >= sizeof magic && memcmp(bytes.p, magic, sizeof magic) == 0;
}

enum kith_err kith_statement_from_file(struct kith_span bytes, struct kith_buf *out)
{
	if (kith_statement_is(bytes))
		return kith_buf_add(out, bytes.p, bytes.n);
	return kith_armor_read(KITH_ARMOR_STATEMENT, bytes, out);
}

enum kith_err kith_statement_armor(struct kith_span statement, struct kith_buf *out)
{
	return kith_armor_write(KITH_ARMOR_STATEMENT, statement, out);
}

/* --- of keys --------------------------------------------------------------------------------- */

/* What every clock says is a number in range. */
static uint64_t time_of(int64_t now)
{
	return now < 0 ? 0 : (uint64_t)now > NUMBER_MAX ? NUMBER_MAX : (uint64_t)now;
}

static void pack_key(struct kith_packer *p, uint64_t key, const uint8_t bytes[static 32])
{
	kith_pack_uint(p, key);
	kith_pack_bin(p, kith_span(bytes, KITH_KEY_BYTES));
}

static void pack_number(struct kith_packer *p, uint64_t key, uint64_t v)
{
	kith_pack_uint(p, key);
	kith_pack_uint(p, v);
}

enum kith_err kith_statement_rotate(const struct kith_identity *from,
	const struct kith_identity *to, uint64_t seq, int64_t now, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf body = {0};
	struct kith_packer p = {.out = &body};

	if (seq < 1 || seq > NUMBER_MAX ||
		memcmp(kith_identity_ik(from), kith_identity_ik(to), KITH_KEY_BYTES) == 0)
		return KITH_ERR_VALUE;
	kith_pack_map(&p, 6);
	pack_number(&p, KEY_FMT, FMT);
	pack_key(&p, ROTATE_OLD, kith_identity_ik(from));
	pack_key(&p, ROTATE_NEW, kith_identity_ik(to));
	pack_key(&p, ROTATE_XK, kith_identity_xk(to));
	pack_number(&p, ROTATE_SEQ, seq);
	pack_number(&p, ROTATE_ISSUED, time_of(now));
	return p.err ? p.err
		     : kith_statement_sign(
			       KITH_STATEMENT_ROTATE, kith_buf_span(&body), from, to, out);
}

enum kith_err kith_statement_revoke(const struct kith_identity *id, enum kith_revoke_reason reason,
	int64_t now, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf body = {0};
	struct kith_packer p = {.out = &body};

	if ((size_t)reason >= REASONS)
		return KITH_ERR_VALUE;
	kith_pack_map(&p, 4);
	pack_number(&p, KEY_FMT, FMT);
	pack_key(&p, REVOKE_IK, kith_identity_ik(id));
	pack_number(&p, REVOKE_REASON, reason);
	pack_number(&p, REVOKE_ISSUED, time_of(now));
	return p.err ? p.err
		     : kith_statement_sign(
			       KITH_STATEMENT_REVOKE, kith_buf_span(&body), id, NULL, out);
}

static enum kith_err read_rotate(struct kith_node body, struct kith_statement *s)
{
	uint64_t issued = 0;
	enum kith_err err = need_key(body, ROTATE_OLD, s->ik);

	if (!err)
		err = need_key(body, ROTATE_NEW, s->new_ik);
	if (!err && memcmp(s->ik, s->new_ik, KITH_KEY_BYTES) == 0)
		err = KITH_ERR_TYPE;
	if (!err)
		err = need_key(body, ROTATE_XK, s->new_xk);
	if (!err)
		err = need_uint(body, ROTATE_SEQ, NUMBER_MAX, &s->seq);
	if (!err && s->seq == 0)
		err = KITH_ERR_TYPE;
	if (!err)
		err = need_uint(body, ROTATE_ISSUED, NUMBER_MAX, &issued);
	s->issued = (int64_t)issued;
	return err;
}

static enum kith_err read_revoke(struct kith_node body, struct kith_statement *s)
{
	uint64_t reason = 0, issued = 0;
	enum kith_err err = need_key(body, REVOKE_IK, s->ik);

	if (!err)
		err = need_uint(body, REVOKE_REASON, REASONS - 1, &reason);
	if (!err)
		err = need_uint(body, REVOKE_ISSUED, NUMBER_MAX, &issued);
	s->reason = (enum kith_revoke_reason)reason;
	s->issued = (int64_t)issued;
	return err;
}

/* A key that only a newer kith knows, and that must not be passed over. */
static enum kith_err check_keys(struct kith_node body, uint64_t last)
{
	for (size_t i = 0; i < kith_node_count(body); i++) {
		uint64_t key = kith_node_key(body, i);
		if (key < KEY_FMT || (key > last && key < FIRST_IGNORABLE_KEY))
			return KITH_ERR_VERSION;
	}
	return KITH_OK;
}

enum kith_err kith_statement_verify(struct kith_span bytes, struct kith_statement *ret_statement)
{
	KITH_DOC struct kith_doc doc = {0};
	struct kith_statement s = {0};
	struct kith_statement_frame f;
	enum kith_err err = kith_statement_open(bytes, &f);

	if (err)
		return err;
	if (f.kind != KITH_STATEMENT_ROTATE && f.kind != KITH_STATEMENT_REVOKE)
		return KITH_ERR_SUBJECT;
	bool rotate = f.kind == KITH_STATEMENT_ROTATE;
	if ((err = open_body(&doc, f.body)))
		return err;
	struct kith_node body = kith_doc_root(&doc);
	if ((err = rotate ? read_rotate(body, &s) : read_revoke(body, &s)) ||
		(err = kith_statement_signed(&f, 0, s.ik)) ||
		(rotate && (err = kith_statement_signed(&f, 1, s.new_ik))) ||
		(err = check_keys(body, rotate ? ROTATE_ISSUED : REVOKE_ISSUED)))
		return err;
	s.kind = f.kind;
	kith_statement_hash(&f, s.hash);
	*ret_statement = s;
	return KITH_OK;
}
