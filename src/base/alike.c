/* SPDX-License-Identifier: MIT */
#include "base/alike.h"

#include <dlfcn.h>
#include <unicode/uspoof.h>

#include "base/limits.h"
#include "base/text.h"

#define SHOWN_BYTES (4 * KITH_FIELD_NAME_MAX) /* a replaced byte takes three, an ellipsis too */
#define LOOKS_BYTES (8 * SHOWN_BYTES)         /* a character looks like a few others */

/* ICU's names carry its version: "uspoof_open_72". */
#define TEXT_OF(x)   TEXT_OF_2(x)
#define TEXT_OF_2(x) #x
#define SONAME       "libicui18n.so." TEXT_OF(U_ICU_VERSION_MAJOR_NUM)

/* NULL: there is no ICU here. */
static struct {
	bool tried;
	USpoofChecker *checker;
	__typeof__(uspoof_open) *open;
	__typeof__(uspoof_getSkeletonUTF8) *skeleton;
} icu;

static void load(void)
{
	UErrorCode status = U_ZERO_ERROR;
	void *library, *f[2];

	if (icu.tried)
		return;
	icu.tried = true;
	library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	f[0] = library ? dlsym(library, TEXT_OF(uspoof_open)) : NULL;
	f[1] = library ? dlsym(library, TEXT_OF(uspoof_getSkeletonUTF8)) : NULL;
	if (!f[0] || !f[1])
		return;
	memcpy(&icu.open, &f[0], sizeof f[0]);
	memcpy(&icu.skeleton, &f[1], sizeof f[1]);
	icu.checker = icu.open(&status);
	if (U_FAILURE(status))
		icu.checker = NULL;
}

/* Folded at the end, since a skeleton is in capitals and accents as its characters were. */
static enum kith_err add_looks(struct kith_buf *out, struct kith_span text)
{
	char skeleton[LOOKS_BYTES];
	UErrorCode status = U_ZERO_ERROR;
	int32_t n = 0;

	load();
	if (icu.checker)
		n = icu.skeleton(icu.checker, 0, (const char *)text.p, (int32_t)text.n, skeleton,
			sizeof skeleton, &status);
	if (!icu.checker || U_FAILURE(status) || n > (int32_t)sizeof skeleton)
		return kith_fold(out, text);
	return kith_fold(out, kith_span(skeleton, (size_t)n));
}

enum kith_err kith_looks_of(struct kith_span name, struct kith_looks *ret)
{
	struct kith_looks looks = {0};
	struct kith_buf folded = {0};
	char shown[SHOWN_BYTES];
	struct kith_span text = kith_text_cut(name, KITH_FIELD_NAME_MAX);

	text = kith_span_str(kith_show_in(shown, sizeof shown, text, KITH_FIELD_NAME_MAX));
	enum kith_err err = kith_fold(&folded, text);
	if (!err)
		err = add_looks(&looks.plain, text);
	if (!err)
		err = add_looks(&looks.folded, kith_buf_span(&folded));
	kith_buf_free(&folded);
	if (err)
		kith_looks_free(&looks);
	else
		*ret = looks;
	return err;
}

void kith_looks_free(struct kith_looks *looks)
{
	kith_buf_free(&looks->plain);
	kith_buf_free(&looks->folded);
}

static bool same(const struct kith_buf *a, const struct kith_buf *b)
{
	return a->n > 0 && kith_span_eq(kith_buf_span(a), kith_buf_span(b));
}

bool kith_looks_alike(const struct kith_looks *a, const struct kith_looks *b)
{
	return same(&a->plain, &b->plain) || same(&a->folded, &b->folded);
}
