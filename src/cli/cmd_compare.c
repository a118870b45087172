/* SPDX-License-Identifier: MIT
 *
 * compare - two people hold their keys side by side: by reading the fingerprints, by the digits of
 * the other screen, or by a scanned code.
 */
#include <ctype.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "card/uri.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/gathering.h"
#include "book/incoming.h"
#include "book/mine.h"
#include "cli/person.h"
#include "picture/picture.h"
#include "cli/words.h"

#define FINGERPRINT_DIGITS 30

/* One comparison. */
struct comparison {
	struct kith_cli *cli;
	struct kith_store *store;
	struct kith_my my;
	struct kith_contact c;
	const char *event_asked; /* NULL: not */
	struct kith_gathering event;
	struct kith_buf who;
	struct kith_buf digits; /* as given, without blanks */
	const char *code;       /* a text, a file, or "-": where a code is; NULL for none */
	char quoted[KITH_QUOTED_BYTES];
	char mine[KITH_FINGERPRINT_CHARS + 1];
	char theirs[KITH_FINGERPRINT_CHARS + 1];
};

static void comparison_end(struct comparison *p)
{
	kith_contact_free(&p->c);
	kith_my_free(&p->my);
	kith_store_close(p->store);
	kith_buf_free(&p->who);
	kith_buf_free(&p->digits);
}

/* --- what was asked -------------------------------------------------------------------------- */

static bool is_digits(const char *arg)
{
	size_t digits = 0;

	for (; *arg; arg++) {
		digits += isdigit((unsigned char)*arg) != 0;
		if (!isdigit((unsigned char)*arg) && !isspace((unsigned char)*arg) && *arg != '-')
			return false;
	}
	return digits > 0;
}

/* Where a code may be: its text, standard input, or a file whose name cannot be part of a person's. */
static bool is_code(const char *arg)
{
	struct stat st;

	return strcmp(arg, "-") == 0 || kith_uri_is(kith_span_str(arg)) ||
	       (strpbrk(arg, "./") && stat(arg, &st) == 0);
}

static enum kith_err add_digits(struct kith_buf *out, const char *arg)
{
	enum kith_err err = KITH_OK;

	for (; !err && *arg; arg++)
		if (isdigit((unsigned char)*arg))
			err = kith_buf_add(out, arg, 1);
	return err;
}

/* WHO, and behind it digits in as many arguments as there are groups, or one code. */
static enum kith_err read_arguments(int argc, char **argv, struct comparison *p)
{
	int who_end = argc;
	enum kith_err err = KITH_OK;

	if (argc > 2 && is_code(argv[argc - 1]))
		p->code = argv[--who_end];
	else
		while (who_end > 2 && is_digits(argv[who_end - 1]))
			who_end--;
	for (int i = who_end; !p->code && !err && i < argc; i++)
		err = add_digits(&p->digits, argv[i]);
	if (!err && !kith_cli_join(who_end, argv, &p->who))
		err = KITH_ERR_NOMEM;
	return err;
}

static bool stop(void *ctx, const struct kith_contact *contact)
{
	(void)ctx;
	(void)contact;
	return false;
}

/* Whether a name that nobody has is digits in which something is mistyped. */
static bool has_digits(const struct comparison *p)
{
	size_t digits = p->digits.n;

	for (size_t i = 0; i < p->who.n; i++)
		digits += isdigit(p->who.p[i]) != 0;
	return digits >= FINGERPRINT_DIGITS / 2 && digits > p->digits.n;
}

/* The one person who is meant; of somebody who is not there there is no key either. */
static bool find_person(struct comparison *p, int64_t *ret_row, int *ret_status)
{
	const char *who = kith_buf_cstr(&p->who);
	char shown[256];

	if (kith_store_who(p->store, kith_span_str(who), stop, NULL) != KITH_ERR_NOPERSON)
		return kith_cli_who(p->cli, p->store, who, ret_row, ret_status);
	if (has_digits(p)) {
		*ret_status = kith_cli_error(KITH_ERR_VALUE,
			"these are not %d digits: %s; nothing was changed", FINGERPRINT_DIGITS,
			kith_show_in(shown, sizeof shown, kith_span_str(who), 80));
		return false;
	}
	*ret_status = kith_cli_error(KITH_ERR_NOPERSON,
		"nobody here is called \"%s\"; to compare keys you need each other's cards first: "
		"kith export --me -o FILE there, kith import FILE here",
		kith_show_in(shown, sizeof shown, kith_span_str(who), 40));
	return false;
}

/* Finds the person and both keys; says why there is nothing to compare. */
static bool prepare(struct comparison *p, int *ret_status)
{
	struct kith_diag diag = {0};
	int64_t row;

	if (!kith_cli_store(p->cli, KITH_STORE_USE, &p->store, ret_status) ||
		!kith_gathering_carried(
			p->store, "compare", p->event_asked, &p->event, ret_status) ||
		!find_person(p, &row, ret_status))
		return false;
	enum kith_err err = kith_my_read(p->store, &p->my, &diag);
	if (err) {
		*ret_status = kith_cli_fail(err, &diag);
		return false;
	}
	if ((err = kith_store_contact(p->store, row, &p->c))) {
		*ret_status = kith_cli_fail_store(err, p->store);
		return false;
	}
	kith_held_quoted(p->c.name, p->quoted);
	if (!p->c.has_key) {
		*ret_status = kith_cli_error(KITH_ERR_MISSING,
			"there is no key of %s to compare: they are typed in or imported; let them give "
			"you their card (kith export --me -o FILE), and take it with kith import FILE",
			p->quoted);
		return false;
	}
	kith_fingerprint_text(p->my.card.ik, p->mine);
	kith_fingerprint_text(p->c.ik, p->theirs);
	return true;
}

/* --- what comes of it ------------------------------------------------------------------------ */

static int fail_json(const struct comparison *p)
{
	return kith_cli_fail_store(KITH_ERR_STORE, p->store);
}

static int print_json(const struct comparison *p, const char *result)
{
	json_t *o = json_object();

	if (!o)
		return fail_json(p);
	int bad = json_object_set_new(o, "result", json_string(result));
	bad |= json_object_set_new(o, "mine", json_string(p->mine));
	bad |= json_object_set_new(o, "theirs", json_string(p->theirs));
	bad |= json_object_set_new(o, "contact", kith_person_json(p->store, p->c.row));
	if (!bad)
		kith_json_line(stdout, o);
	json_decref(o);
	return bad ? fail_json(p) : 0;
}

static int same(struct comparison *p, enum kith_how how)
{
	const struct kith_env *env = kith_env_default();
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_span event = kith_span_str(p->event.name);
	int64_t now = env->wall(env->ctx);
	enum kith_err err = kith_store_compared(p->store, p->c.row, how, event, now);

	if (err)
		return kith_cli_fail_store(err, p->store);
	if (p->cli->json)
		return print_json(p, kith_how_name(how));
	if ((err = kith_words_met(&text, how, now, event)))
		return kith_cli_fail(err, NULL);
	kith_cli_say(p->cli, "The keys are the same.  %s: %.*s.", p->quoted, (int)text.n,
		(const char *)text.p);
	if (p->c.given.n == 0)
		kith_cli_say(
			p->cli, "Nothing of yours is given to them; to give: kith give WHO CARD.");
	return 0;
}

/* Whose key it is instead, NULL where nobody can tell: then a digit may be misread. */
static int different(const struct comparison *p, const char *whose)
{
	if (p->cli->json)
		(void)print_json(p, "different");
	if (whose)
		return kith_cli_error(KITH_ERR_MISMATCH,
			"the keys differ: that is the key of %s, and not that of %s; nothing was "
			"changed",
			whose, p->quoted);
	return kith_cli_error(KITH_ERR_MISMATCH,
		"the keys differ: the card of %s that you have was not signed by whom you compared "
		"with, or a digit was misread; nothing was changed.  Do not trust that card until you "
		"know why",
		p->quoted);
}

/* A key that was scanned, so that nothing is misread. */
static int another(const struct comparison *p, const uint8_t ik[static KITH_KEY_BYTES])
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char name[KITH_QUOTED_BYTES], whose[KITH_QUOTED_BYTES + 64];
	enum kith_err err = kith_store_contact_of(p->store, ik, &c);

	if (err && err != KITH_ERR_NOPERSON)
		return kith_cli_fail_store(err, p->store);
	if (err)
		return different(p, "somebody whose card you do not have");
	if (c.row == p->c.row)
		return kith_cli_error(KITH_ERR_MISMATCH,
			"that is a key that %s had before, and no more the one you have; nothing was "
			"changed",
			p->quoted);
	(void)snprintf(
		whose, sizeof whose, "%s, whose card you have", kith_held_quoted(c.name, name));
	return different(p, whose);
}

/* --- by eye ---------------------------------------------------------------------------------- */

/* "s" or "same", "d" or "different"; asks again for anything else, since Enter alone is no answer. */
static bool ask(bool *ret_same)
{
	for (;;) {
		KITH_AUTO_BUF struct kith_buf line = {0};
		if (!kith_cli_ask(
			    "Is it the same there?  s for the same, d for different: ", &line))
			return false;
		const char *word = (const char *)line.p;
		*ret_same = strcasecmp(word, "s") == 0 || strcasecmp(word, "same") == 0;
		if (*ret_same || strcasecmp(word, "d") == 0 || strcasecmp(word, "different") == 0)
			return true;
		(void)printf("Compare every group first; then type s or d.\n");
	}
}

static void print_both(const struct comparison *p)
{
	const struct kith_field *name = kith_fields_first(&p->my.card.fields, KITH_FIELD_NAME);
	char me[KITH_QUOTED_BYTES];

	kith_held_quoted(name ? name->part[0] : kith_span("", 0), me);
	(void)printf(
		"Sit with %s, side by side.\n"
		"Their screen shows the same two with: kith compare %s\n\n"
		"  yours   %s\n  theirs  %s\n\n"
		"Yours here must be theirs there, and theirs here must be yours there.\n"
		"One reads a line aloud, the other follows on the screen; then the other line.\n",
		p->quoted, me, p->mine, p->theirs);
}

static int by_eye(struct comparison *p)
{
	bool is_same;

	if (!p->cli->tty || p->cli->json)
		return kith_cli_usage("compare",
			"without a terminal to ask at, say what the other screen shows: the 30 digits "
			"that are yours there, or its QR code");
	print_both(p);
	if (!ask(&is_same))
		return kith_cli_error(KITH_ERR_DECLINED, "nothing was compared");
	return is_same ? same(p, KITH_HOW_COMPARED) : different(p, NULL);
}

/* --- by machine ------------------------------------------------------------------------------ */

/* Whether the digits are those of that fingerprint. */
static bool are_of(const struct kith_buf *digits, const char *fingerprint)
{
	KITH_AUTO_BUF struct kith_buf other = {0};

	return !add_digits(&other, fingerprint) &&
	       kith_span_eq(kith_buf_span(digits), kith_buf_span(&other));
}

static int by_digits(struct comparison *p)
{
	if (p->digits.n != FINGERPRINT_DIGITS)
		return kith_cli_error(KITH_ERR_VALUE,
			"a fingerprint has %d digits, and these are %zu; nothing was changed",
			FINGERPRINT_DIGITS, p->digits.n);
	if (are_of(&p->digits, p->theirs))
		return same(p, KITH_HOW_COMPARED);
	if (are_of(&p->digits, p->mine))
		return kith_cli_error(KITH_ERR_VALUE,
			"that is your own fingerprint; say the one of %s, which is \"yours\" on their "
			"screen",
			p->quoted);
	return different(p, NULL);
}

/* A card is no proof of who shows it. */
static enum kith_err fail_card(struct kith_diag *diag)
{
	return kith_fail(diag, KITH_ERR_VALUE,
		"that is a card, which anybody can have; on their screen: kith qr --identity; nothing "
		"was changed");
}

/* The key in a text of kith's. */
static enum kith_err key_of_text(struct kith_span text, uint8_t *ik, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	enum kith_uri_kind kind;
	enum kith_err err = kith_uri_read(text, &kind, &bytes, diag);

	if (err)
		return err;
	if (kind == KITH_URI_CARD)
		return fail_card(diag);
	if (kind == KITH_URI_STATEMENT)
		return kith_fail(diag, KITH_ERR_VALUE,
			"that is a statement about a key, which kith import takes; on their screen: "
			"kith qr --identity; nothing was changed");
	if (kind != KITH_URI_IDENTITY || bytes.n != KITH_KEY_BYTES)
		return kith_fail(diag, KITH_ERR_NOTCARD,
			"that code holds no key; the other side shows one with kith qr --identity");
	memcpy(ik, bytes.p, KITH_KEY_BYTES);
	return KITH_OK;
}

/* The key in the first code of kith's in a picture. */
static enum kith_err key_of_picture(struct kith_span picture, uint8_t *ik, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf codes = {0};
	enum kith_err err = kith_picture_codes(picture, &codes, diag);

	for (size_t at = 0; !err && at + 4 <= codes.n;) {
		const uint8_t *p = codes.p + at;
		size_t n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
		struct kith_span text = kith_span(p + 4, n);
		if (n > codes.n - at - 4)
			break;
		if (kith_uri_is(text))
			return key_of_text(text, ik, diag);
		at += 4 + n;
	}
	return err ? err
		   : kith_fail(
			     diag, KITH_ERR_NOTCARD, "there is no QR code of kith in that picture");
}

/* vCards are no place for a code: over them. */
static void skip_vcards(struct kith_incoming *in)
{
	uint8_t piece[4096];

	while (kith_incoming_source(in, piece, sizeof piece) > 0)
		continue;
}

/* The key that a text, a file or standard input holds: the first there is. */
static enum kith_err read_key(const char *what, uint8_t *ik, struct kith_diag *diag)
{
	KITH_AUTO(kith_incoming_free) struct kith_incoming in = {.input.fd = -1};
	enum kith_incoming_kind kind;
	uint64_t line;
	enum kith_err err;

	if (kith_uri_is(kith_span_str(what)))
		return key_of_text(kith_span_str(what), ik, diag);
	if ((err = kith_incoming_open(&in, what, diag)))
		return err;
	while (!(err = kith_incoming_next(&in, &kind, &line, diag))) {
		struct kith_span bytes = kith_incoming_bytes(&in);
		if (kind == KITH_INCOMING_URI)
			return key_of_text(bytes, ik, diag);
		if (kind == KITH_INCOMING_PICTURE)
			return key_of_picture(bytes, ik, diag);
		if (kind == KITH_INCOMING_ENVELOPE || kind == KITH_INCOMING_ARMOR)
			return fail_card(diag);
		if (kind == KITH_INCOMING_VCARDS)
			skip_vcards(&in);
	}
	return err == KITH_ERR_MISSING
		       ? kith_fail(diag, KITH_ERR_NOTCARD, "there is no key of kith in that")
		       : err;
}

static int by_code(struct comparison *p)
{
	uint8_t ik[KITH_KEY_BYTES];
	struct kith_diag diag = {0};
	enum kith_err err = read_key(p->code, ik, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	if (memcmp(ik, p->c.ik, sizeof ik) == 0)
		return same(p, KITH_HOW_SCANNED);
	if (kith_my_is(&p->my, ik))
		return kith_cli_error(KITH_ERR_VALUE,
			"that is your own code; scan the one that %s shows", p->quoted);
	return another(p, ik);
}

int kith_cmd_compare(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(comparison_end) struct comparison p = {.cli = cli};
	const struct kith_option options[] = {{.name = "event", .value = &p.event_asked}};
	enum kith_err err;
	int status;

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc < 2)
		return kith_cli_usage(argv[0], "say whom: kith compare grace");
	if ((err = read_arguments(argc, argv, &p)))
		return kith_cli_fail(err, NULL);
	if (!prepare(&p, &status))
		return status;
	if (p.code)
		return by_code(&p);
	return p.digits.n ? by_digits(&p) : by_eye(&p);
}
