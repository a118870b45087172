/* SPDX-License-Identifier: MIT
 *
 * The parts of a name, from a name and back, in several scripts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "vcard_rounds.h"

static void add(struct kith_fields *f, uint32_t kind, const char *value)
{
	if (value)
		f->at[f->n++] = (struct kith_field){
			.kind = kind, .parts = 1, .part[0] = kith_span_str(value)};
}

static void is(struct kith_span s, const char *expected, const char *name)
{
	if (!kith_span_eq(s, kith_span_str(expected)))
		fail_msg("%s: \"%.*s\", not \"%s\"", name, (int)s.n, (const char *)s.p, expected);
}

/* Names, and what kith takes for the given and the family name. */
static const struct {
	const char *name, *given, *family, *as_given, *as_family;
} cases[] = {
	{"Ada Lovelace", NULL, NULL, "Ada", "Lovelace"},
	{"Ada", NULL, NULL, "Ada", ""},
	{"Ludwig van der Beispiel", "Ludwig", NULL, "Ludwig", "van der Beispiel"},
	{"Ludwig van der Beispiel", NULL, "van der Beispiel", "Ludwig", "van der Beispiel"},
	{"Public, John Q.", NULL, NULL, "Public, John Q.", ""},
	{"\u0410\u043d\u043d\u0430 \u041a\u0430\u0440\u0435\u043d\u0438\u043d\u0430", NULL, NULL,
		"\u0410\u043d\u043d\u0430", "\u041a\u0430\u0440\u0435\u043d\u0438\u043d\u0430"},
	{"\u05e9\u05e8\u05d4 \u05db\u05d4\u05df", NULL, NULL, "\u05e9\u05e8\u05d4",
		"\u05db\u05d4\u05df"},
	{"\u0641\u0627\u0637\u0645\u0629 \u0627\u0644\u0632\u0647\u0631\u0627\u0621", NULL, NULL,
		"\u0641\u0627\u0637\u0645\u0629", "\u0627\u0644\u0632\u0647\u0631\u0627\u0621"},
	{"\u738b\u5c0f\u660e", NULL, NULL, "\u738b\u5c0f\u660e", ""},
	{"\u738b\u5c0f\u660e", "\u5c0f\u660e", "\u738b", "\u5c0f\u660e", "\u738b"},
	{"\u5c71\u7530 \u592a\u90ce", NULL, NULL, "\u5c71\u7530 \u592a\u90ce", ""},
	{"\ud64d\uae38\ub3d9", NULL, NULL, "\ud64d\uae38\ub3d9", ""},
	{"Zoe\u0308 \U0001f98a", NULL, NULL, "Zoe\u0308", "\U0001f98a"},
	{"", NULL, NULL, "", ""},
	{"", "Ada", "Lovelace", "Ada", "Lovelace"},
};

static void parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kith_fields f = {.n = 0};
		add(&f, KITH_FIELD_NAME, cases[i].name);
		add(&f, KITH_FIELD_GIVEN, cases[i].given);
		add(&f, KITH_FIELD_FAMILY, cases[i].family);
		struct kith_name n = kith_name_parts(&f);
		is(n.given, cases[i].as_given, cases[i].name);
		is(n.family, cases[i].as_family, cases[i].name);
	}
}

/* What was given comes back from a vCard, and what was derived does not. */
static void given_and_derived(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		struct kith_fields f = {.n = 0}, back;
		VCARD v = NULL;
		add(&f, KITH_FIELD_NAME, cases[i].name);
		add(&f, KITH_FIELD_FAMILY, cases[i].family);
		add(&f, KITH_FIELD_GIVEN, cases[i].given);
		if (cases[i].name[0] == '\0')
			continue;
		assert_int_equal(kith_vcard_make(&f, kith_span_str("u"), &out), KITH_OK);
		assert_int_equal(kith_vcard_parse(kith_buf_span(&out), &v, NULL), KITH_OK);
		assert_int_equal(kith_vcard_fields(v, &back), KITH_OK);
		if (!rounds_same_fields(&f, &back))
			fail_msg("%s does not come back from:\n%s", cases[i].name,
				kith_buf_cstr(&out));
	}
}

/* A name from its parts: the family name first, and close to the given one, where that is the custom. */
static void order(void **state)
{
	static const struct {
		const char *n, *name;
	} from[] = {
		{"Lovelace;Ada;;;", "Ada Lovelace"},
		{"Lovelace;Ada;Augusta;Dr;FRS", "Dr Ada Augusta Lovelace FRS"},
		{"\u738b;\u5c0f\u660e;;;", "\u738b\u5c0f\u660e"},
		{"\u5c71\u7530;\u592a\u90ce;;;", "\u5c71\u7530\u592a\u90ce"},
		{"\ud64d;\uae38\ub3d9;;;", "\ud64d\uae38\ub3d9"},
		{"\u738b;Ming;;;", "Ming \u738b"},
		{"\u738b;\u5c0f\u660e;;\u535a\u58eb;", "\u535a\u58eb \u738b\u5c0f\u660e"},
		{"Kov\u00e1cs;\u00c1d\u00e1m;;;", "\u00c1d\u00e1m Kov\u00e1cs"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
		struct kith_fields back;
		char text[256];
		VCARD v = NULL;
		(void)snprintf(text, sizeof text, "BEGIN:VCARD\nVERSION:3.0\nN:%s\nEND:VCARD\n",
			from[i].n);
		assert_int_equal(kith_vcard_parse(kith_span_str(text), &v, NULL), KITH_OK);
		assert_int_equal(kith_vcard_fields(v, &back), KITH_OK);
		is(back.at[0].part[0], from[i].name, from[i].n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts),
		cmocka_unit_test(given_and_derived),
		cmocka_unit_test(order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
