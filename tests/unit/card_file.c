/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <kith/card.h>

/* As a card begins; no more is looked at here. */
static const char envelope[] =
	"\x94\xa8KITHCARD\x01 and a hundred bytes more, so that the armor has more "
	"than one line to tell apart, and one that is short";

#define BEGIN "-----BEGIN KITH CARD-----"
#define END   "-----END KITH CARD-----"

static struct kith_buf armor, out;

static int begin(void **state)
{
	(void)state;
	return kith_card_armor(LITERAL(envelope), &armor) ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	kith_buf_free(&armor);
	kith_buf_free(&out);
	return 0;
}

static enum kith_err read_file(struct kith_span bytes)
{
	uint8_t *copy = malloc(bytes.n ? bytes.n : 1);

	assert_non_null(copy);
	if (bytes.n)
		memcpy(copy, bytes.p, bytes.n);
	kith_buf_clear(&out);
	enum kith_err err = kith_card_from_file(kith_span(copy, bytes.n), &out);
	if (err)
		assert_int_equal(out.n, 0);
	free(copy);
	return err;
}

/* The envelope is found in these bytes. */
static void finds(struct kith_span bytes)
{
	assert_int_equal(read_file(bytes), KITH_OK);
	assert_int_equal(out.n, sizeof envelope - 1);
	assert_memory_equal(out.p, envelope, out.n);
}

/* The armor with every line end replaced. */
static void with_line_ends(const char *line_end)
{
	struct kith_buf b = {0};

	for (size_t i = 0; i < armor.n; i++)
		if (armor.p[i] == '\n')
			assert_int_equal(kith_buf_add_str(&b, line_end), KITH_OK);
		else
			assert_int_equal(kith_buf_add(&b, &armor.p[i], 1), KITH_OK);
	finds(kith_buf_span(&b));
	kith_buf_free(&b);
}

static void armor_has_lines_of_64(void **state)
{
	(void)state;
	const char *text = kith_buf_cstr(&armor);
	assert_memory_equal(text, BEGIN "\n", sizeof BEGIN);
	assert_int_equal(strcspn(text + sizeof BEGIN, "\n"), 64);
	assert_string_equal(text + armor.n - sizeof END, END "\n");
}

static void an_envelope_is_taken_as_it_is(void **state)
{
	(void)state;
	finds(LITERAL(envelope));
}

static void any_line_ends_and_blanks_before_them(void **state)
{
	(void)state;
	with_line_ends("\n");
	with_line_ends("\r\n");
	with_line_ends("\r");
	with_line_ends("  \n");
	with_line_ends("\t \r\n");
	with_line_ends("\n\n");
	finds(kith_span(armor.p, armor.n - 1)); /* no line end at the end of the file */
}

static void text_around_is_ignored(void **state)
{
	struct kith_buf b = {0};

	(void)state;
	assert_int_equal(
		kith_buf_add_str(&b, "Hello,\x1b[2J\nBEGIN KITH CARD\nSee " BEGIN "\n" END "\n\n"),
		KITH_OK);
	assert_int_equal(kith_buf_add(&b, "\xff\0\n", 3), KITH_OK);
	assert_int_equal(kith_buf_add(&b, armor.p, armor.n), KITH_OK);
	assert_int_equal(kith_buf_add_str(&b, "-- \nAda\n" BEGIN "\n!!!\n"), KITH_OK);
	finds(kith_buf_span(&b));
	kith_buf_free(&b);
}

/* The armor with each line as some program leaves it. */
static void as_left(const char *before, const char *behind)
{
	struct kith_buf b = {0};
	bool starts = true;

	for (size_t i = 0; i < armor.n; i++) {
		if (starts)
			assert_int_equal(kith_buf_add_str(&b, before), KITH_OK);
		starts = armor.p[i] == '\n';
		if (starts)
			assert_int_equal(kith_buf_add_str(&b, behind), KITH_OK);
		assert_int_equal(kith_buf_add(&b, &armor.p[i], 1), KITH_OK);
	}
	finds(kith_buf_span(&b));
	kith_buf_free(&b);
}

/* The armor with every `what` replaced. */
static void with_other(const char *what, const char *other)
{
	struct kith_buf b = {0};
	size_t n = strlen(what);

	for (size_t i = 0; i < armor.n;) {
		bool here = i + n <= armor.n && memcmp(armor.p + i, what, n) == 0;
		assert_int_equal(
			here ? kith_buf_add_str(&b, other) : kith_buf_add(&b, &armor.p[i], 1),
			KITH_OK);
		i += here ? n : 1;
	}
	finds(kith_buf_span(&b));
	kith_buf_free(&b);
}

/* case 37 */
static void mail_and_chat_are_survived(void **state)
{
	(void)state;
	as_left("> ", "");
	as_left(">> > ", "\r");
	as_left("| ", " ");
	as_left("    ", "");
	as_left("\t", "\t");
	as_left("", "\xc2\xa0");
	as_left("\xe2\x80\x8b", " \xe3\x80\x80");
	as_left("\xef\xbb\xbf", "");
	with_other("-----", "\xe2\x80\x94\xe2\x80\x94-");
	with_other("-----", "\xe2\x80\x93");
	with_other("-----", "- -----");
	with_other(" ", "\xc2\xa0");
	with_other("=", "=3D");
}

static void the_first_block_counts(void **state)
{
	struct kith_buf b = {0};

	(void)state;
	assert_int_equal(kith_buf_add(&b, armor.p, armor.n), KITH_OK);
	assert_int_equal(kith_buf_add_str(&b, BEGIN "\nAAAA\n" END "\n"), KITH_OK);
	finds(kith_buf_span(&b));
	kith_buf_clear(&b);
	assert_int_equal(kith_buf_add_str(&b, BEGIN "\nAAAA\n" END "\n"), KITH_OK);
	assert_int_equal(kith_buf_add(&b, armor.p, armor.n), KITH_OK);
	assert_int_equal(read_file(kith_buf_span(&b)), KITH_OK);
	assert_int_equal(out.n, 3);
	kith_buf_free(&b);
}

static void what_is_no_card_is_told(void **state)
{
	static const char *const other[] = {"", "Ada", "BEGIN:VCARD\nEND:VCARD\n",
		"x" BEGIN "\nAAAA\n" END "\n", "- x" BEGIN "\nAAAA\n" END "\n",
		BEGIN "x\nAAAA\n" END "\n", BEGIN " x\nAAAA\n" END "\n",
		"-----BEGIN PGP MESSAGE-----\nAAAA\n", "BEGIN KITH CARD-----\nAAAA\n" END "\n",
		"-----BEGIN KITH CARD\nAAAA\n" END "\n", "-----BEGINKITH CARD-----\nAAAA\n",
		"-----BEGIN KITH CARDS-----\nAAAA\n", "-----BEGIN KITH-----\nAAAA\n",
		"\xe2\x80"
		"BEGIN KITH CARD-----\nAAAA\n",
		"-----begin kith card-----\nAAAA\n" END "\n", "\x94\xa8KITHCAR", END "\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(other); i++)
		assert_int_equal(read_file(kith_span_str(other[i])), KITH_ERR_NOTCARD);
	assert_int_equal(kith_card_from_file(kith_span(NULL, 0), &out), KITH_ERR_NOTCARD);
}

static void broken_armor_is_told(void **state)
{
	static const char *const broken[] = {BEGIN, BEGIN "\n", BEGIN "\nAAAA\n",
		BEGIN "\nAAAA\n" END "x\n", BEGIN "\nA\n" END "\n", BEGIN "\nAA*A\n" END "\n",
		BEGIN "\nAA==AAAA\n" END "\n", BEGIN "\nAAAA\n-----END KITH CARD\n",
		BEGIN "\nVersion: 1\n\nAAAA\n" END "\n",
		BEGIN "\nAAAA\n" BEGIN "\nAAAA\n" END "\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++)
		assert_int_equal(read_file(kith_span_str(broken[i])), KITH_ERR_SHAPE);
}

static void every_beginning_has_an_answer(void **state)
{
	const size_t begun = sizeof BEGIN - 1 - 4; /* one of the five dashes is enough */

	(void)state;
	for (size_t n = 0; n < armor.n; n++)
		assert_int_equal(read_file(kith_span(armor.p, n)), n < begun ? KITH_ERR_NOTCARD
								   : n < armor.n - 1 - 4
									   ? KITH_ERR_SHAPE
									   : KITH_OK);
}

#define ARMOR(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARMOR(armor_has_lines_of_64),
		ARMOR(an_envelope_is_taken_as_it_is),
		ARMOR(any_line_ends_and_blanks_before_them),
		ARMOR(text_around_is_ignored),
		ARMOR(mail_and_chat_are_survived),
		ARMOR(the_first_block_counts),
		ARMOR(what_is_no_card_is_told),
		ARMOR(broken_armor_is_told),
		ARMOR(every_beginning_has_an_answer),
	};

	return kith_crypto_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
