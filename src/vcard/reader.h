/* SPDX-License-Identifier: MIT
 *
 * reader - the vCards of a file one after the other, in bounded memory.
 *
 * Takes what programs in use have written, proto/vcard.md "Reading": any line ends, folded or not, with a
 * byte order mark, in UTF-8, UTF-16, or the charset that is named or guessed; several vCards, nested
 * ones, one that breaks off.  A line that cannot be read is told by its number and left out; the
 * rest of its vCard is kept.  Memory: a few times VCARD_MAX at most, whatever the file's size.
 */
#ifndef KITH_VCARD_READER_H
#define KITH_VCARD_READER_H

#include "vcard/vcard.h"

struct kith_vcard_reader;

/* Up to n bytes into p: how many, 0 at the end, -1 on an error (then kith_vcard_next gives KITH_ERR_IO). */
typedef ptrdiff_t (*kith_vcard_source_fn)(void *ctx, void *p, size_t n);

/* One sentence about that line of the file, inert; VCARD_REMARKS_MAX at most, then they are only counted. */
typedef void (*kith_vcard_remark_fn)(void *ctx, uint64_t line, const char *sentence);

/* remark may be NULL.  KITH_ERR_NOMEM. */
enum kith_err kith_vcard_reader_open(kith_vcard_source_fn source, void *source_ctx,
	kith_vcard_remark_fn remark, void *remark_ctx,
	struct kith_vcard_reader **ret) KITH_MUST_CHECK;

/* NULL allowed. */
void kith_vcard_reader_free(struct kith_vcard_reader *r);

/*
 * The next vCard: *ret is lent until the next call, *ret_line is where it begins (both may be used
 * on success only).  Text between vCards is skipped, with a remark.
 * KITH_ERR_MISSING: no further one; KITH_ERR_LIMIT: this one is over a limit and was skipped up to
 * its end, with a remark that names the limit; the next call goes on behind it.  KITH_ERR_IO,
 * KITH_ERR_NOMEM: reading ends here.
 */
enum kith_err kith_vcard_next(
	struct kith_vcard_reader *r, struct kith_vcard **ret, uint64_t *ret_line) KITH_MUST_CHECK;

/* Which limit the last vCard was over that was left out; valid until the next call. */
const char *kith_vcard_reader_why(const struct kith_vcard_reader *r);

/* So far: bytes taken from the source, and remarks made, those that were only counted too. */
uint64_t kith_vcard_reader_bytes(const struct kith_vcard_reader *r);
uint64_t kith_vcard_reader_remarks(const struct kith_vcard_reader *r);

/* The bytes of one vCard (BEGIN to END as they lay in the file, in UTF-8), for keeping: the one that
 * the last kith_vcard_next lent.  kith_vcard_parse of them gives the same properties. */
struct kith_span kith_vcard_reader_text(const struct kith_vcard_reader *r);

#endif
