/* SPDX-License-Identifier: MIT
 *
 * verify - what a file is, whose, and whether that key is known.
 */
#include "base/auto.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cardfile.h"
#include "cli/cli.h"
#include "cli/mine.h"
#include "cli/person.h"
#include "cli/words.h"

/* What a good signature is compared with; zero where there is no store, or nobody. */
struct known {
	struct kith_store *store;
	struct kith_my my;
	struct kith_contact contact;
	struct kith_card have; /* the card that is held of the signer */
	bool is_me;
	bool is_contact;
	bool has;    /* there is such a card */
	bool unsure; /* the store could not be asked, and that was told */
};

static void known_free(struct known *k)
{
	kith_contact_free(&k->contact);
	kith_my_free(&k->my);
	kith_store_close(k->store);
}

/* Whom the store has with that key. */
static enum kith_err ask(const struct kith_card *card, struct known *k, struct kith_diag *diag)
{
	enum kith_err err = kith_my_read(k->store, &k->my, diag);

	if (err && err != KITH_ERR_MISSING)
		return err;
	if (!err && (k->is_me = kith_my_is(&k->my, card->ik))) {
		k->have = k->my.card;
		k->has = true;
		return KITH_OK;
	}
	err = kith_store_contact_of(k->store, card->ik, &k->contact);
	if (err)
		return err == KITH_ERR_NOPERSON
			       ? KITH_OK
			       : kith_fail(diag, err, "%s", kith_store_why(k->store));
	k->is_contact = true;
	if (k->contact.envelope.n == 0)
		return KITH_OK;
	diag->text[0] = 0;
	err = kith_person_card(&k->contact, &k->have);
	k->has = !err;
	return err;
}

/* A file can be verified before kith init and beside a store that cannot be used: that is told, and
 * whether the signer is known is then left open. */
static void look_up(const struct kith_cli *cli, const struct kith_card *card, struct known *k)
{
	struct kith_diag diag = {0};
	enum kith_err err = kith_store_open(cli->home, KITH_STORE_READ, &k->store, &diag);

	if (err == KITH_ERR_MISSING)
		return;
	if (!err)
		err = ask(card, k, &diag);
	k->unsure = err != KITH_OK;
	if (err)
		(void)kith_cli_fail(err, &diag);
}

/* How the card stands to the one that is held: "same", "newer", "older", "conflict"; NULL: none. */
static const char *compare(const struct known *k, const struct kith_card *card)
{
	if (!k->has)
		return NULL;
	switch (kith_card_newer(&k->have, card)) {
	case KITH_ERR_EXISTS:
		return "same";
	case KITH_ERR_ROLLBACK:
		return "older";
	case KITH_ERR_CONFLICT:
		return "conflict";
	default:
		return "newer";
	}
}

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

static enum kith_err print_signer(const struct known *k)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	char name[KITH_QUOTED_BYTES];
	enum kith_err err;

	if (k->is_me) {
		(void)printf("signed by you\n");
		return KITH_OK;
	}
	if (!k->is_contact) {
		(void)printf(
			k->unsure ? "signed; whether you know the signer could not be looked up\n"
				  : "signed by nobody you know\n");
		return KITH_OK;
	}
	if ((err = kith_words_whom(&text, &k->contact)))
		return err;
	(void)printf("signed by %s, %.*s\n", kith_person_quoted(k->contact.name, name), (int)text.n,
		(const char *)text.p);
	return KITH_OK;
}

static enum kith_err print_text(
	const struct known *k, const struct kith_card *card, enum kith_cardfile_form form)
{
	const struct kith_field *name = kith_fields_first(&card->fields, KITH_FIELD_NAME);
	const char *compared = compare(k, card);
	char shown[KITH_QUOTED_BYTES], date[KITH_DATE_CHARS];
	char id[KITH_ID_CHARS + 1], fingerprint[KITH_FINGERPRINT_CHARS + 1];

	kith_id_text(card->ik, id);
	kith_fingerprint_text(card->ik, fingerprint);
	(void)printf("a signed kith card%s of %s\n",
		form == KITH_CARDFILE_ARMOR ? ", in armor," : "",
		kith_person_quoted(name->part[0], shown));
	enum kith_err err = print_signer(k);
	(void)printf("revision     %llu, signed %s\n", (unsigned long long)card->rev,
		kith_words_date(card->issued, date));
	if (compared)
		(void)printf("             %s\n", compare_words(compared));
	(void)printf("id           %s\nfingerprint  %s\n", id, fingerprint);
	return err;
}

static enum kith_err print_json(
	const struct known *k, const struct kith_card *card, enum kith_cardfile_form form)
{
	char issued[KITH_DATE_CHARS];
	const char *compared = compare(k, card);
	const char *signer = k->is_me        ? "me"
			     : k->is_contact ? "contact"
			     : k->unsure     ? "unknown"
					     : "nobody";
	json_t *o = kith_card_json(card);

	if (!o)
		return KITH_ERR_NOMEM;
	int bad = json_object_set_new(o, "valid", json_true());
	bad |= json_object_set_new(
		o, "form", json_string(form == KITH_CARDFILE_ARMOR ? "armor" : "kith"));
	bad |= json_object_set_new(o, "issued", json_string(kith_words_iso(card->issued, issued)));
	bad |= json_object_set_new(o, "signer", json_string(signer));
	if (compared)
		bad |= json_object_set_new(o, "compared", json_string(compared));
	if (k->is_contact)
		bad |= json_object_set_new(
			o, "contact", kith_person_json(k->store, k->contact.row));
	if (!bad)
		kith_json_line(stdout, o);
	json_decref(o);
	return bad ? KITH_ERR_NOMEM : KITH_OK;
}

/* The verdict on a file that is no card with a good signature. */
static int refuse(const struct kith_cli *cli, enum kith_err err, const struct kith_diag *diag)
{
	json_t *o = cli->json ? json_object() : NULL;

	if (o && !json_object_set_new(o, "valid", json_false()) &&
		!json_object_set_new(o, "reason", json_string(kith_diag_text(diag, err))))
		kith_json_line(stdout, o);
	json_decref(o);
	return kith_cli_fail(err, diag);
}

int kith_cmd_verify(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(known_free) struct known k = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_diag diag = {0};
	enum kith_cardfile_form form;
	struct kith_card card;
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc != 2)
		return kith_cli_usage(argv[0], "say which file: kith verify ada.kith");
	enum kith_err err = kith_file_read(argv[1], KITH_FILE_READ_MAX, &bytes, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	struct kith_span rest = kith_buf_span(&bytes);
	if (!(err = kith_cardfile_next(&rest, true, &envelope, &form)))
		err = kith_card_verify(kith_buf_span(&envelope), &card);
	if (err)
		return refuse(
			cli, kith_cardfile_fail(&diag, err, argv[1], kith_buf_span(&bytes)), &diag);
	look_up(cli, &card, &k);
	err = cli->json ? print_json(&k, &card, form) : print_text(&k, &card, form);
	return err ? kith_cli_fail(err, NULL) : 0;
}
