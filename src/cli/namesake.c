/* SPDX-License-Identifier: MIT
 *
 * namesake - somebody met anew has the name of somebody I know: one who has lost a key comes back like that.
 */
#include <ctype.h>

#include "base/auto.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/person.h"
#include "cli/swap.h"

#define ID_MIN 4 /* as kith list shows them */

struct namesake {
	const struct kith_contact *met;
	struct kith_buf fold; /* their name */
	size_t n;             /* others with that name */
	char id[2][KITH_ID_CHARS + 1];
	size_t chars; /* that tell these two apart from everybody */
	enum kith_err err;
};

static void namesake_end(struct namesake *n)
{
	kith_buf_free(&n->fold);
}

static bool find(void *ctx, const struct kith_contact *c)
{
	struct namesake *n = ctx;
	KITH_AUTO_BUF struct kith_buf fold = {0};

	if (c->row == n->met->row)
		return true;
	if ((n->err = kith_fold(&fold, c->name)))
		return false;
	if (kith_span_eq(kith_buf_span(&fold), kith_buf_span(&n->fold)) && n->n++ == 0)
		(void)kith_person_id(c, n->id[0]);
	return true;
}

/* Characters that both ids begin with. */
static size_t common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && toupper((unsigned char)a[n]) == toupper((unsigned char)b[n]))
		n++;
	return n;
}

static bool tell_apart(void *ctx, const struct kith_contact *c)
{
	struct namesake *n = ctx;
	char id[KITH_ID_CHARS + 1];

	(void)kith_person_id(c, id);
	for (int i = 0; i < 2; i++) {
		size_t same = common(id, n->id[i]);
		if (n->id[i][same] && same >= n->chars)
			n->chars = same + 1;
	}
	return true;
}

bool kith_swap_namesake(struct kith_swap *s, const struct kith_contact *met, char *out, size_t cap)
{
	KITH_AUTO(namesake_end) struct namesake n = {.met = met, .chars = ID_MIN};
	char name[KITH_QUOTED_BYTES];

	if (!met->has_key || !met->met_at || met->met_how < KITH_HOW_COMPARED || !met->name.n ||
		kith_fold(&n.fold, met->name) || kith_store_each_keyed(s->store, find, &n) ||
		n.err || n.n == 0)
		return false;
	kith_held_quoted(met->name, name);
	(void)kith_person_id(met, n.id[1]);
	if (n.n > 1) {
		(void)snprintf(out, cap,
			"If that is a %s you know: kith replace OLD NEW, by the ids of kith list.",
			name);
		return true;
	}
	if (kith_store_each(s->store, tell_apart, &n))
		return false;
	(void)snprintf(out, cap, "If that is the %s you know: kith replace %.*s %.*s", name,
		(int)n.chars, n.id[0], (int)n.chars, n.id[1]);
	return true;
}
