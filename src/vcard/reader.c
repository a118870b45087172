/* SPDX-License-Identifier: MIT */
#include "vcard/reader.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/limits.h"
#include "vcard/extent.h"
#include "vcard/inside.h"
#include "vcard/utf8.h"

struct kith_vcard_reader {
	struct kith_vcard v;
	struct kith_input in;
	struct kith_extent extent;
	struct kith_remarks remarks;
	struct kith_span text;   /* of the vCard that was lent */
	struct kith_buf recoded; /* which holds it when it was not UTF-8 */
	struct kith_buf shifts;
	enum kith_err ended; /* reading cannot go on */
};

enum kith_err kith_vcard_reader_open(kith_vcard_source_fn source, void *source_ctx,
	kith_vcard_remark_fn remark, void *remark_ctx, struct kith_vcard_reader **ret)
{
	struct kith_vcard_reader *r = calloc(1, sizeof *r);

	if (!r)
		return KITH_ERR_NOMEM;
	r->v.reader = r;
	r->remarks = (struct kith_remarks){.tell = remark, .ctx = remark_ctx};
	kith_input_init(&r->in, source, source_ctx);
	kith_extent_init(&r->extent, &r->in, &r->remarks);
	*ret = r;
	return KITH_OK;
}

void kith_vcard_reader_free(struct kith_vcard_reader *r)
{
	if (!r)
		return;
	kith_vcard_clean(&r->v);
	kith_input_free(&r->in);
	kith_buf_free(&r->recoded);
	kith_buf_free(&r->shifts);
	free(r);
}

/* The text of the vCard that was found, as UTF-8. */
static enum kith_err as_utf8(struct kith_vcard_reader *r, struct kith_place *place)
{
	struct kith_span text = kith_span(kith_input_window(&r->in).p, r->extent.n);

	r->text = text;
	if (kith_utf8_ascii(text) == text.n || kith_utf8_valid(text))
		return KITH_OK;
	enum kith_err err = kith_vcard_recode(&r->v, text, place, &r->remarks, &r->recoded);
	if (err)
		return err;
	r->text = kith_buf_span(&r->recoded);
	place->plain = false;                        /* nobody looked */
	r->v.version = kith_extent_version(r->text); /* its line may have been put together */
	if (r->text.n <= KITH_VCARD_MAX)
		return KITH_OK;
	kith_remark_limit(&r->remarks, place->line, "VCARD_MAX", KITH_VCARD_MAX, "bytes");
	return KITH_ERR_LIMIT;
}

static enum kith_err next(struct kith_vcard_reader *r)
{
	enum kith_err err = kith_extent_next(&r->extent);
	struct kith_place place = {.line = r->extent.begins, .shifts = &r->shifts};

	if (err)
		return err;
	place.plain = r->extent.plain;
	r->v.version = r->extent.version;
	err = as_utf8(r, &place);
	return err ? err : kith_vcard_fill(&r->v, r->text, &place, &r->remarks);
}

enum kith_err kith_vcard_next(
	struct kith_vcard_reader *r, struct kith_vcard **ret, uint64_t *ret_line)
{
	if (r->ended)
		return r->ended;
	kith_vcard_reset(&r->v);
	kith_buf_clear(&r->recoded);
	kith_buf_clear(&r->shifts);
	r->text = kith_span("", 0);
	enum kith_err err = next(r);
	if (err) {
		r->text = kith_span("", 0);
		r->ended = err == KITH_ERR_LIMIT ? KITH_OK : err;
		return err;
	}
	*ret = &r->v;
	*ret_line = r->extent.begins;
	return KITH_OK;
}

const char *kith_vcard_reader_why(const struct kith_vcard_reader *r)
{
	return r->remarks.over.text;
}

uint64_t kith_vcard_reader_bytes(const struct kith_vcard_reader *r)
{
	return r->in.taken;
}

uint64_t kith_vcard_reader_remarks(const struct kith_vcard_reader *r)
{
	return r->remarks.n;
}

struct kith_span kith_vcard_reader_text(const struct kith_vcard_reader *r)
{
	return r->text;
}

/* --- one vCard in memory ---------------------------------------------------------------------- */

static ptrdiff_t from_memory(void *ctx, void *p, size_t n)
{
	struct kith_span *left = ctx;

	n = n < left->n ? n : left->n;
	if (n > 0)
		memcpy(p, left->p, n);
	*left = kith_span(left->p + n, left->n - n);
	return (ptrdiff_t)n;
}

enum kith_err kith_vcard_parse(
	struct kith_span bytes, struct kith_vcard **ret, struct kith_diag *diag)
{
	struct kith_vcard_reader *r;
	uint64_t line;
	enum kith_err err = kith_vcard_reader_open(from_memory, &bytes, NULL, NULL, &r);

	if (err)
		return kith_fail(diag, err, "memory ran out");
	kith_input_expect(&r->in, bytes.n);
	err = kith_vcard_next(r, ret, &line);
	kith_vcard_settle(&r->v);
	if (err == KITH_ERR_MISSING)
		err = kith_fail(diag, KITH_ERR_NOTCARD, "there is no vCard in it");
	else if (err)
		err = kith_fail(diag, err, "%s",
			err == KITH_ERR_LIMIT ? r->remarks.over.text : kith_err_text(err));
	if (err)
		kith_vcard_reader_free(r);
	return err;
}

void kith_vcard_free(struct kith_vcard *v)
{
	kith_vcard_reader_free(v ? v->reader : NULL);
}
