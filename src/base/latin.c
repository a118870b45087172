/* SPDX-License-Identifier: MIT */
#include "base/latin.h"

#include <dlfcn.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/auto.h"
#include "base/text.h"

#define TEXT_MAX (1u << 28) /* bytes; counts of ICU are int */
#define GROWTH   16         /* units that a unit may become, a ligature among them eighteen */
#define SPARE    64

/* ICU's names carry its version: "utrans_openU_72". */
#define TEXT_OF(x)   TEXT_OF_2(x)
#define TEXT_OF_2(x) #x
#define SONAME       "libicui18n.so." TEXT_OF(U_ICU_VERSION_MAJOR_NUM)

/* Into Latin letters; of those, into plain ones; the rest goes. */
static const UChar rules[] = u"Any-Latin; Latin-ASCII; [^\\u0020-\\u007E] Remove";

/* NULL: there is no ICU here. */
static struct {
	bool tried;
	UTransliterator *latin;
	__typeof__(utrans_openU) *open;
	__typeof__(utrans_transUChars) *trans;
	__typeof__(u_strFromUTF8) *from_utf8;
} icu;

static void load(void)
{
	static const char *const names[] = {
		TEXT_OF(utrans_openU), TEXT_OF(utrans_transUChars), TEXT_OF(u_strFromUTF8)};
	UErrorCode status = U_ZERO_ERROR;
	void *library, *f[3];

	if (icu.tried)
		return;
	icu.tried = true;
	library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; i < 3; i++) {
		f[i] = library ? dlsym(library, names[i]) : NULL;
		if (!f[i])
			return;
	}
	memcpy(&icu.open, &f[0], sizeof f[0]);
	memcpy(&icu.trans, &f[1], sizeof f[1]);
	memcpy(&icu.from_utf8, &f[2], sizeof f[2]);
	icu.latin = icu.open(rules, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_FAILURE(status))
		icu.latin = NULL;
}

/* The units of ASCII that came out, appended as bytes. */
static enum kith_err add_units(const UChar *u, size_t n, struct kith_buf *out)
{
	uint8_t *p;
	enum kith_err err = kith_buf_more(out, n, &p);

	for (size_t i = 0; !err && i < n; i++)
		p[i] = (uint8_t)u[i];
	return err;
}

enum kith_err kith_latin(struct kith_span text, struct kith_buf *out)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t n = 0, room;

	if (!kith_text_valid(text))
		return KITH_ERR_UTF8;
	if (text.n > TEXT_MAX / GROWTH)
		return KITH_ERR_LIMIT;
	load();
	if (!icu.latin)
		return KITH_ERR_MISSING;
	room = (int32_t)text.n * GROWTH + SPARE;
	KITH_AUTO_FREE UChar *u = malloc((size_t)room * sizeof *u);
	if (!u)
		return KITH_ERR_NOMEM;
	icu.from_utf8(u, room, &n, text.n ? (const char *)text.p : "", (int32_t)text.n, &status);
	int32_t limit = n;
	if (U_SUCCESS(status))
		icu.trans(icu.latin, u, &n, room, 0, &limit, &status);
	if (U_FAILURE(status))
		return status == U_MEMORY_ALLOCATION_ERROR ? KITH_ERR_NOMEM : KITH_ERR_LIMIT;
	return add_units(u, (size_t)n, out);
}
