/* SPDX-License-Identifier: MIT
 *
 * query - any text as a query of find: it is read or refused with a sentence, and what was read lies where it says and within
 * its limits.
 */
#include "people/query.h"

#include "base/day.h"
#include "base/text.h"
#include "fuzz/fuzz.h"

static void look_at(const struct kith_find *find, const struct kith_term *t)
{
	bool days = t->key == KITH_TERM_MET || t->key == KITH_TERM_TOUCHED;

	must(t->key >= KITH_TERM_WORD && t->key < KITH_TERM_KEYS);
	must(days == (t->text.n == 0));
	must(fuzz_inside(t->text, kith_buf_span(&find->text)));
	must(kith_text_valid(t->text));
	if (days && !t->never)
		must(t->first != KITH_DAY_NONE || t->last != KITH_DAY_NONE);
	if (days && t->first != KITH_DAY_NONE && t->last != KITH_DAY_NONE)
		must(t->first <= t->last);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct kith_find find = {0};
	struct kith_diag diag = {0};
	int32_t today = kith_day_of((struct kith_date){2026, 5, 3});

	enum kith_err err = kith_find_read(kith_span(p, n), today, &find, &diag);
	must(err == KITH_OK || err == KITH_ERR_USAGE || err == KITH_ERR_LIMIT ||
		err == KITH_ERR_UTF8);
	must((err == KITH_OK) == (diag.text[0] == 0));
	must(kith_text_valid(kith_span_str(diag.text)));
	must((err == KITH_OK) == (find.n > 0));
	must(find.n <= KITH_QUERY_TERMS);
	for (size_t i = 0; i < find.n; i++)
		look_at(&find, &find.at[i]);
	kith_find_free(&find);
	return 0;
}
