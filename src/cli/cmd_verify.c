/* SPDX-License-Identifier: MIT
 *
 * verify - what a file is, whose, whether that key is known, and whether a vCard still says what was
 * signed.
 */
#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "card/introduction.h"
#include "cli/args.h"
#include "book/cardfile.h"
#include "cli/cli.h"
#include "book/incoming.h"
#include "book/keyin.h"
#include "cli/introfile.h"
#include "cli/keywords.h"
#include "cli/person.h"
#include "cli/receipt.h"
#include "cli/signer.h"
#include "cli/words.h"
#include "keep/handover.h"
#include "vcard/map.h"
#include "vcard/reader.h"
#include "vcard/seal.h"

/* How a card lies in a file. */
struct form {
	const char *name;  /* with --json */
	const char *words; /* in a sentence */
};

static const struct form plain = {"kith", ""}, armored = {"armor", ", in armor,"},
			 linked = {"link", ", in a link,"}, vcard = {"vcard", ", in a vCard,"};

struct verify {
	struct kith_cli *cli;
	struct kith_signer signer;
	const char *name;                  /* of the file, inert */
	json_t *objects;                   /* with --json: one a card */
	size_t cards;                      /* up to now */
	size_t vcards;                     /* of them */
	size_t bare;                       /* vCards that nobody has signed */
	char bare_name[KITH_QUOTED_BYTES]; /* of the last one */
	bool printed;
	int worst; /* exit status so far */
	enum kith_err err;
};

/* A vCard held against the card in it: names of fields and properties, ", " between them. */
struct difference {
	struct kith_buf altered;
	struct kith_buf added;
};

static void verify_end(struct verify *v)
{
	json_decref(v->objects);
	kith_signer_free(&v->signer);
}

static void difference_free(struct difference *d)
{
	kith_buf_free(&d->altered);
	kith_buf_free(&d->added);
}

static bool goes_on(const struct verify *v)
{
	return !v->err;
}

static void worse(struct verify *v, int status)
{
	v->worst = status > v->worst ? status : v->worst;
}

/* Takes the object over. */
static void add_object(struct verify *v, json_t *o)
{
	if (!o || json_array_append_new(v->objects, o))
		v->err = KITH_ERR_NOMEM;
}

/* --- a good signature -------------------------------------------------------------------------- */

static const char *compare_words(const char *compared)
{
	if (strcmp(compared, "same") == 0)
		return "the same as the one you have";
	if (strcmp(compared, "older") == 0)
		return "older than the one you have";
	if (strcmp(compared, "newer") == 0)
		return "newer than the one you have";
	return "another card than the one you have, with the same revision: the key may have been "
	       "copied";
}

static enum kith_err print_text(const struct verify *v, const struct kith_card *card,
	const struct form *form, const struct difference *d)
{
	const struct kith_field *name = kith_fields_first(&card->fields, KITH_FIELD_NAME);
	const char *compared = kith_signer_compare(&v->signer, card);
	char shown[KITH_QUOTED_BYTES], date[KITH_DATE_CHARS];
	char id[KITH_ID_CHARS + 1], fingerprint[KITH_FINGERPRINT_CHARS + 1];

	kith_id_text(card->ik, id);
	kith_fingerprint_text(card->ik, fingerprint);
	(void)printf("%sa signed kith card%s of %s\n", v->printed ? "\n" : "", form->words,
		kith_held_quoted(name->part[0], shown));
	enum kith_err err = kith_signer_print(&v->signer, form == &vcard);
	(void)printf("revision     %llu, signed %s\n", (unsigned long long)card->rev,
		kith_words_date(card->issued, date));
	if (compared)
		(void)printf("             %s\n", compare_words(compared));
	(void)printf("id           %s\nfingerprint  %s\n", id, fingerprint);
	if (d && d->altered.n)
		(void)printf(
			"altered since: %.*s\n", (int)d->altered.n, (const char *)d->altered.p);
	else if (d)
		(void)printf("not altered since\n");
	if (d && d->added.n)
		(void)printf("not part of what was signed: %.*s\n", (int)d->added.n,
			(const char *)d->added.p);
	return err;
}

/* "email, tel" as an array. */
static json_t *names_json(const struct kith_buf *names)
{
	json_t *array = json_array();
	const char *p = (const char *)names->p;
	const char *end = p + names->n;

	while (array && p < end) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		size_t n = comma ? (size_t)(comma - p) : (size_t)(end - p);
		if (json_array_append_new(array, json_stringn(p, n))) {
			json_decref(array);
			return NULL;
		}
		p = comma ? comma + 2 : end;
	}
	return array;
}

static void put_json(struct verify *v, const struct kith_card *card, const struct form *form,
	const struct difference *d)
{
	char issued[KITH_DATE_CHARS];
	json_t *o = kith_card_json(card);
	int bad = !o;

	if (o) {
		bad |= json_object_set_new(o, "valid", json_boolean(!d || d->altered.n == 0));
		bad |= json_object_set_new(o, "signed", json_true());
		bad |= json_object_set_new(o, "form", json_string(form->name));
		bad |= json_object_set_new(
			o, "issued", json_string(kith_words_iso(card->issued, issued)));
		if (d)
			bad |= json_object_set_new(o, "altered", names_json(&d->altered)) |
			       json_object_set_new(o, "added", names_json(&d->added));
		bad |= !kith_signer_json(&v->signer, card, o);
	}
	if (bad) {
		json_decref(o);
		o = NULL;
	}
	add_object(v, o);
}

static void tell(struct verify *v, const struct kith_card *card, const struct form *form,
	const struct difference *d)
{
	v->cards++;
	kith_signer_find(&v->signer, v->cli, card->ik);
	if (v->cli->json)
		put_json(v, card, form, d);
	else
		v->err = print_text(v, card, form, d);
	v->printed = true;
	if (d && d->altered.n)
		worse(v, kith_cli_error(KITH_ERR_SIG, "%s was altered since it was signed: %.*s",
				 v->name, (int)d->altered.n, (const char *)d->altered.p));
}

/* --- none, or a broken one --------------------------------------------------------------------- */

/* Counts what is no card with a good signature, and says so to programs. */
static void count_bad(struct verify *v, enum kith_err err, const struct kith_diag *diag,
	const struct form *form, bool is_signed)
{
	v->cards++;
	if (v->cli->json) {
		json_t *o = json_object();
		int bad = !o;
		if (o) {
			bad |= json_object_set_new(o, "valid", json_false());
			bad |= json_object_set_new(o, "signed", json_boolean(is_signed));
			bad |= json_object_set_new(
				o, "reason", json_string(kith_diag_text(diag, err)));
			if (form)
				bad |= json_object_set_new(o, "form", json_string(form->name));
		}
		if (bad) {
			json_decref(o);
			o = NULL;
		}
		add_object(v, o);
	}
}

/* The verdict on it. */
static void refuse(struct verify *v, enum kith_err err, const struct kith_diag *diag,
	const struct form *form, bool is_signed)
{
	count_bad(v, err, diag, form, is_signed);
	worse(v, kith_cli_fail(err, diag));
}

static void verify_envelope(struct verify *v, struct kith_span envelope, const struct form *form)
{
	struct kith_diag diag = {0};
	struct kith_card card;
	enum kith_err err = kith_card_verify(envelope, &card);

	if (err)
		refuse(v, kith_cardfile_fail(&diag, err, v->name), &diag, form, true);
	else
		tell(v, &card, form, NULL);
}

/* --- statements -------------------------------------------------------------------------------- */

static void print_keys(const char *name, const uint8_t ik[static KITH_KEY_BYTES])
{
	char id[KITH_ID_CHARS + 1], fingerprint[KITH_FINGERPRINT_CHARS + 1];

	kith_id_text(ik, id);
	kith_fingerprint_text(ik, fingerprint);
	(void)printf("%-12s %s\nfingerprint  %s\n", name, id, fingerprint);
}

static enum kith_err print_statement(
	const struct verify *v, const struct kith_statement *s, const struct form *form)
{
	KITH_AUTO_BUF struct kith_buf says = {0};
	enum kith_err err = kith_keywords_says(s, &says);

	if (err)
		return err;
	(void)printf("%sa signed statement%s about a key\n", v->printed ? "\n" : "", form->words);
	err = kith_signer_print(&v->signer, true);
	(void)printf("it says      %.*s\n", (int)says.n, (const char *)says.p);
	print_keys(s->kind == KITH_STATEMENT_ROTATE ? "old id" : "id", s->ik);
	if (s->kind == KITH_STATEMENT_ROTATE)
		print_keys("new id", s->new_ik);
	return err;
}

static void put_statement(struct verify *v, const struct kith_statement *s, const struct form *form)
{
	json_t *o = json_object();
	int bad = !o;

	if (o) {
		bad |= json_object_set_new(o, "valid", json_true()) |
		       json_object_set_new(o, "signed", json_true()) |
		       json_object_set_new(o, "form", json_string(form->name)) |
		       json_object_set_new(o, "statement", kith_keywords_json(s));
		bad |= !kith_signer_json(&v->signer, NULL, o);
	}
	if (bad) {
		json_decref(o);
		o = NULL;
	}
	add_object(v, o);
}

static void verify_statement(struct verify *v, struct kith_span bytes, const struct form *form)
{
	struct kith_diag diag = {0};
	struct kith_statement s;
	enum kith_err err = kith_statement_verify(bytes, &s);

	if (err) {
		refuse(v, kith_keyin_fail(&diag, err, v->name), &diag, form, true);
		return;
	}
	v->cards++;
	kith_signer_find(&v->signer, v->cli, s.ik);
	if (v->cli->json)
		put_statement(v, &s, form);
	else
		v->err = print_statement(v, &s, form);
	v->printed = true;
}

static const char *part_words(uint64_t kind)
{
	return kind == KITH_PARCEL_PROPOSE ? "a proposal to introduce somebody to another, signed"
	       : kind == KITH_PARCEL_GRANT ? "a yes to an introduction, signed"
					   : "an introduction of somebody, signed";
}

/* A part of an introduction: who has signed it, and what it is. */
static void verify_introduction(struct verify *v, struct kith_span bytes, const struct form *form)
{
	struct kith_diag diag = {0};
	struct kith_introfile f;
	enum kith_err err = kith_introfile_verify(bytes, &f);

	if (err) {
		(void)kith_fail(&diag, err,
			"%s: a part of an introduction, which cannot be read: %s", v->name,
			kith_err_text(err));
		refuse(v, err, &diag, form, true);
		return;
	}
	v->cards++;
	kith_signer_find(&v->signer, v->cli, f.from);
	if (v->cli->json) {
		json_t *o = json_pack("{s:b,s:b,s:s,s:s}", "valid", 1, "signed", 1, "form",
			form->name, "introduction", kith_introfile_part(f.kind));
		if (o && !kith_signer_json(&v->signer, NULL, o)) {
			json_decref(o);
			o = NULL;
		}
		add_object(v, o);
	} else {
		(void)printf("%s%s%s\n", v->printed ? "\n" : "", part_words(f.kind),
			form == &armored ? ", in armor" : "");
		v->err = kith_signer_print(&v->signer, true);
		print_keys("for id", f.to);
	}
	v->printed = true;
}

/* --- vCards ------------------------------------------------------------------------------------ */

/* One of perhaps very many, so that they are told together. */
static void add_bare(struct verify *v, struct kith_vcard *vc)
{
	struct kith_diag diag = {0};
	struct kith_fields fields;
	enum kith_err err = kith_vcard_fields(vc, &fields);

	if (err) {
		v->err = err;
		return;
	}
	const struct kith_field *name = kith_fields_first(&fields, KITH_FIELD_NAME);
	kith_held_quoted(name ? name->part[0] : kith_span("", 0), v->bare_name);
	v->bare++;
	err = kith_fail(
		&diag, KITH_ERR_NOTCARD, "%s: an unsigned vCard of %s", v->name, v->bare_name);
	count_bad(v, err, &diag, &vcard, false);
}

static void tell_bare(struct verify *v)
{
	if (v->bare == 0)
		return;
	if (v->vcards == 1)
		worse(v, kith_cli_error(KITH_ERR_NOTCARD, "%s: an unsigned vCard of %s", v->name,
				 v->bare_name));
	else if (v->bare == v->vcards)
		worse(v, kith_cli_error(KITH_ERR_NOTCARD, "%s: %zu vCards, none is signed", v->name,
				 v->vcards));
	else
		worse(v, kith_cli_error(KITH_ERR_NOTCARD,
				 "%s: %zu vCards, and nobody has signed %zu of them", v->name,
				 v->vcards, v->bare));
}

static void verify_vcard(struct verify *v, struct kith_vcard *vc)
{
	KITH_AUTO(difference_free) struct difference d = {0};
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_diag diag = {0};
	struct kith_card card;
	enum kith_err err = kith_vcard_envelope(vc, &envelope);

	v->vcards++;
	if (err == KITH_ERR_MISSING) {
		add_bare(v, vc);
		return;
	}
	if (!err)
		err = kith_card_verify(kith_buf_span(&envelope), &card);
	if (err == KITH_ERR_NOMEM)
		v->err = err;
	else if (err)
		refuse(v, kith_cardfile_fail(&diag, err, v->name), &diag, &vcard, true);
	else if (!(v->err = kith_vcard_differs(vc, &card, &d.altered, &d.added)))
		tell(v, &card, &vcard, &d);
}

static void verify_vcards(struct verify *v, struct kith_incoming *in)
{
	struct kith_vcard_reader *reader = NULL;
	struct kith_vcard *vc;
	uint64_t line;
	size_t before = v->cards;
	struct kith_diag diag = {0};
	enum kith_err err = kith_vcard_reader_open(kith_incoming_source, in, NULL, NULL, &reader);

	while (!err && goes_on(v)) {
		err = kith_vcard_next(reader, &vc, &line);
		if (!err) {
			verify_vcard(v, vc);
		} else if (err == KITH_ERR_LIMIT) {
			refuse(v,
				kith_fail(&diag, err, "%s: %s", v->name,
					kith_vcard_reader_why(reader)),
				&diag, &vcard, false);
			err = KITH_OK;
		}
	}
	kith_vcard_reader_free(reader);
	if (err == KITH_ERR_MISSING && v->cards == before)
		refuse(v,
			kith_fail(&diag, KITH_ERR_NOTCARD, "%s is a vCard that holds nothing",
				v->name),
			&diag, &vcard, false);
	if (err && err != KITH_ERR_MISSING && err != KITH_ERR_IO)
		v->err = err;
}

/* --- what there is ----------------------------------------------------------------------------- */

static void verify_items(struct verify *v, struct kith_incoming *in);

static bool verify_code(void *ctx, struct kith_span text)
{
	struct verify *v = ctx;
	KITH_AUTO(kith_incoming_free) struct kith_incoming in = {.input.fd = -1};

	if (!(v->err = kith_incoming_text(&in, v->name, text)))
		verify_items(v, &in);
	return goes_on(v);
}

static void verify_item(struct verify *v, struct kith_incoming *in, enum kith_incoming_kind kind)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_span bytes = kith_incoming_bytes(in);
	struct kith_diag diag = {0};
	enum kith_uri_kind link = KITH_URI_CARD;
	enum kith_err err = KITH_OK;

	switch (kind) {
	case KITH_INCOMING_ENVELOPE:
		verify_envelope(v, bytes, &plain);
		return;
	case KITH_INCOMING_ARMOR:
		verify_envelope(v, bytes, &armored);
		return;
	case KITH_INCOMING_STATEMENT:
		verify_statement(v, bytes, &plain);
		return;
	case KITH_INCOMING_STATEMENT_ARMOR:
		verify_statement(v, bytes, &armored);
		return;
	case KITH_INCOMING_INTRODUCTION:
		verify_introduction(v, bytes, &plain);
		return;
	case KITH_INCOMING_INTRODUCTION_ARMOR:
		verify_introduction(v, bytes, &armored);
		return;
	case KITH_INCOMING_VCARDS:
		verify_vcards(v, in);
		return;
	case KITH_INCOMING_MECARD:
		refuse(v,
			kith_fail(&diag, KITH_ERR_NOTCARD, "%s is a MECARD, which nobody can sign",
				v->name),
			&diag, NULL, false);
		return;
	case KITH_INCOMING_URI:
		err = kith_cardfile_link(bytes, v->name, &link, &envelope, &diag);
		if (!err && link == KITH_URI_STATEMENT)
			verify_statement(v, kith_buf_span(&envelope), &linked);
		else if (!err)
			verify_envelope(v, kith_buf_span(&envelope), &linked);
		break;
	case KITH_INCOMING_PICTURE:
		err = kith_cardfile_codes(bytes, v->name, verify_code, v, &diag);
		break;
	}
	if (err)
		refuse(v, err, &diag, NULL, false);
}

/* All vCards of a file; of signed cards, the first. */
static void verify_items(struct verify *v, struct kith_incoming *in)
{
	enum kith_incoming_kind kind = KITH_INCOMING_VCARDS;

	while (goes_on(v) && kind == KITH_INCOMING_VCARDS) {
		struct kith_diag diag = {0};
		uint64_t line;
		enum kith_err err = kith_incoming_next(in, &kind, &line, &diag);
		if (err == KITH_ERR_MISSING)
			return;
		if (err) {
			refuse(v, err, &diag, NULL, err == KITH_ERR_SHAPE);
			return;
		}
		verify_item(v, in, kind);
	}
}

/* A receipt fills a file, and is told apart by its first byte from everything else that is verified. */
static bool verify_receipt(struct kith_cli *cli, struct kith_incoming *in, int *ret_status)
{
	struct kith_span text = kith_input_peek(&in->input, 1);

	if (text.n == 0 || text.p[0] != '{')
		return false;
	text = kith_input_peek(&in->input, KITH_FILE_READ_MAX + 1);
	return text.n <= KITH_FILE_READ_MAX &&
	       kith_receipt_text(cli, in->input.name, text, ret_status);
}

int kith_cmd_verify(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(verify_end) struct verify v = {.cli = cli};
	KITH_AUTO(kith_incoming_free) struct kith_incoming in = {.input.fd = -1};
	struct kith_diag diag = {0};
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc != 2)
		return kith_cli_usage(argv[0], "%s: kith verify ada.kith",
			argc < 2 ? "say which file" : "one file at a time");
	enum kith_err err = kith_incoming_open(&in, argv[1], &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	if (verify_receipt(cli, &in, &status))
		return status;
	if (cli->json && !(v.objects = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	v.name = in.input.name;
	verify_items(&v, &in);
	if (v.err)
		return kith_cli_fail(v.err, NULL);
	tell_bare(&v);
	if (cli->json)
		kith_json_line(stdout, v.cards == 1 ? json_array_get(v.objects, 0) : v.objects);
	return v.worst;
}
