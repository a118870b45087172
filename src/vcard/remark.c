/* SPDX-License-Identifier: MIT */
#include "vcard/remark.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/limits.h"

void kith_remark(struct kith_remarks *r, uint64_t line, const char *fmt, ...)
{
	char sentence[KITH_DIAG_BYTES];
	va_list ap;

	if (++r->n > KITH_VCARD_REMARKS_MAX || !r->tell)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(sentence, sizeof sentence, fmt, ap);
	va_end(ap);
	r->tell(r->ctx, line, sentence);
}

void kith_remark_limit(
	struct kith_remarks *r, uint64_t line, const char *name, unsigned limit, const char *unit)
{
	(void)kith_fail(&r->over, KITH_ERR_LIMIT, "a vCard is over %s (%u %s)", name, limit, unit);
	kith_remark(r, line, "the vCard that begins here was left out: it is over %s (%u %s)", name,
		limit, unit);
}
