/* SPDX-License-Identifier: MIT */
#include "cli/code.h"

#include "base/auto.h"
#include "card/uri.h"
#include "cli/ascii.h"
#include "book/chosen.h"
#include "cli/invitation.h"
#include "book/outgoing.h"
#include "cli/person.h"
#include "book/pocket.h"
#include "vcard/map.h"
#include "vcard/write.h"

#define TRIES 16 /* of signing, before other processes are too busy */

static void identity_end(struct kith_identity **id)
{
	kith_identity_free(*id);
}

static void vcard_end(struct kith_vcard **v)
{
	kith_vcard_free(*v);
}

void kith_code_free(struct kith_code *code)
{
	kith_buf_free(&code->about);
	kith_buf_free(&code->text);
	kith_buf_free(&code->left_out);
}

static enum kith_err about(
	struct kith_code *code, const char *before, const char *name, const char *behind)
{
	enum kith_err err = kith_buf_printf(&code->about, "%s%s%s", before, name, behind);

	return !err && !kith_buf_cstr(&code->about) ? KITH_ERR_NOMEM : err;
}

static enum kith_err fail_uri(struct kith_diag *diag, enum kith_err err)
{
	return err == KITH_ERR_LIMIT
		       ? kith_fail(diag, err,
				 "this card is too large for a QR code; kith export writes "
				 "it into a file")
		       : err;
}

/* --- for a phone ----------------------------------------------------------------------------- */

static enum kith_err make_phone(const struct kith_fields *all, const struct kith_code_wish *wish,
	const char *name, struct kith_code *code, struct kith_diag *diag)
{
	struct kith_fields fields = *all, ascii;
	KITH_AUTO_BUF struct kith_buf without = {0};
	KITH_AUTO_BUF struct kith_buf memory = {0};
	enum kith_err err = wish->show ? kith_chosen(wish->show, all, &fields, diag) : KITH_OK;

	code->form = "phone";
	if (err || (wish->ascii && (err = kith_ascii_fields(&fields, &memory, &ascii, diag))) ||
		(err = kith_vcard_write_phone(
			 wish->ascii ? &ascii : &fields, &code->text, &without)) ||
		(err = kith_chosen_without(all, &fields, &code->left_out)))
		return err;
	const char *more = kith_buf_cstr(&without);
	if (!more)
		return KITH_ERR_NOMEM;
	if (*more)
		err = kith_buf_printf(
			&code->left_out, "%s%s", code->left_out.n > 0 ? ", " : "", more);
	return err ? err
		   : about(code, "A contact for the camera of a phone, not signed: ", name, ".");
}

/* --- of me ----------------------------------------------------------------------------------- */

/* The last pocket card, or a new one; the key is opened only when one has to be signed. */
static enum kith_err pocket_once(struct kith_cli *cli, struct kith_store *store,
	const struct kith_code_wish *wish, struct kith_code *code, struct kith_identity **id,
	struct kith_diag *diag, int *ret_status)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_fields fields;
	enum kith_err err;

	if ((err = kith_my_read_card(store, wish->card, &my, diag)) ||
		(err = kith_pocket_fields(&my, wish->show, &fields, diag)))
		return err;
	err = kith_pocket_last(store, &my, &fields, &envelope, diag);
	if (err == KITH_ERR_MISSING) {
		if (!*id && !kith_cli_identity(cli, id, ret_status))
			return KITH_ERR_NOIDENTITY;
		err = kith_pocket_sign(store, *id, &my, &fields, &envelope, diag);
	}
	if (err || (err = kith_chosen_without(&my.card.fields, &fields, &code->left_out)))
		return err;
	return fail_uri(diag, kith_uri_write(KITH_URI_CARD, kith_buf_span(&envelope), &code->text));
}

static bool make_pocket(struct kith_cli *cli, const struct kith_code_wish *wish,
	struct kith_code *code, int *ret_status)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(identity_end) struct kith_identity *id = NULL;
	enum kith_err err = KITH_ERR_BUSY;
	struct kith_diag diag = {0};

	code->form = "pocket";
	*ret_status = 0;
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, ret_status))
		return false;
	for (int i = 0; err == KITH_ERR_BUSY && i < TRIES; i++)
		err = pocket_once(cli, store, wish, code, &id, &diag, ret_status);
	if (err == KITH_ERR_BUSY)
		err = kith_fail(&diag, err, "another kith keeps changing your card; try again");
	if (!err)
		err = about(code,
			"Your pocket card, signed, for another kith: kith import takes this text, "
			"or a picture of the code.",
			"", "");
	if (err && !*ret_status)
		*ret_status = err == KITH_ERR_USAGE ? kith_cli_usage("qr", "%s", diag.text)
						    : kith_cli_fail(err, &diag);
	return !err;
}

static enum kith_err make_invite(
	const struct kith_cli *cli, struct kith_code *code, struct kith_diag *diag)
{
	enum kith_err err = kith_invitation(cli, &code->text, diag);

	code->form = "invite";
	return err ? err
		   : about(code,
			     "An invitation to the swap that runs here, for another kith: kith swap "
			     "--to with this text.  It lasts as long as the swap.",
			     "", "");
}

static enum kith_err make_mine(struct kith_store *store, const struct kith_code_wish *wish,
	struct kith_code *code, struct kith_diag *diag)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	enum kith_err err = kith_my_read_card(store, wish->card, &my, diag);

	if (err)
		return err;
	if (wish->form == KITH_CODE_PHONE)
		return make_phone(&my.card.fields, wish, "your card", code, diag);
	code->form = "identity";
	if ((err = kith_uri_write(
		     KITH_URI_IDENTITY, kith_span(my.card.ik, sizeof my.card.ik), &code->text)))
		return err;
	return about(code,
		"Your key, for somebody who has your card: kith compare WHO with this text.", "",
		"");
}

/* --- of somebody ----------------------------------------------------------------------------- */

/* The fields of the signed card, or of what was typed in. */
static enum kith_err phone_of(struct kith_store *store, const struct kith_contact *c,
	const struct kith_code_wish *wish, struct kith_code *code, struct kith_diag *diag)
{
	KITH_AUTO(vcard_end) struct kith_vcard *v = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	char name[KITH_QUOTED_BYTES];
	struct kith_fields fields;
	enum kith_err err = kith_outgoing_vcard(store, c->row, false, KITH_VCARD_30, &text);

	kith_held_quoted(c->name, name);
	if (err == KITH_ERR_MISSING)
		return kith_fail(diag, err, "there is no card of %s yet", name);
	if (!err)
		err = kith_vcard_parse(kith_buf_span(&text), &v, diag);
	if (!err)
		err = kith_vcard_fields(v, &fields);
	return err ? err : make_phone(&fields, wish, name, code, diag);
}

static enum kith_err card_of(
	const struct kith_contact *c, struct kith_code *code, struct kith_diag *diag)
{
	char name[KITH_QUOTED_BYTES];

	kith_held_quoted(c->name, name);
	code->form = "card";
	if (c->envelope.n == 0)
		return kith_fail(diag, KITH_ERR_MISSING,
			"there is no signed card of %s; without --pocket it is a contact for a phone",
			name);
	enum kith_err err = kith_uri_write(KITH_URI_CARD, c->envelope, &code->text);
	return err ? fail_uri(diag, err)
		   : about(code, "The signed card of ", name,
			     ", for another kith: kith import takes this text, or a picture of the "
			     "code.");
}

static enum kith_err identity_of(
	const struct kith_contact *c, struct kith_code *code, struct kith_diag *diag)
{
	char name[KITH_QUOTED_BYTES];

	kith_held_quoted(c->name, name);
	code->form = "identity";
	if (!c->has_key)
		return kith_fail(diag, KITH_ERR_MISSING,
			"%s has no key here: typed in or imported, not swapped", name);
	enum kith_err err =
		kith_uri_write(KITH_URI_IDENTITY, kith_span(c->ik, sizeof c->ik), &code->text);
	return err ? err
		   : about(code, "The key of ", name,
			     ", for somebody who has that card: kith compare WHO with this text.");
}

static enum kith_err make_of(struct kith_store *store, int64_t row,
	const struct kith_code_wish *wish, struct kith_code *code, struct kith_diag *diag)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	enum kith_err err = kith_store_contact(store, row, &c);

	if (err)
		return kith_fail(diag, err, "%s", kith_store_why(store));
	switch (wish->form) {
	case KITH_CODE_PHONE:
		return phone_of(store, &c, wish, code, diag);
	case KITH_CODE_POCKET:
		return card_of(&c, code, diag);
	case KITH_CODE_IDENTITY:
		return identity_of(&c, code, diag);
	case KITH_CODE_INVITE:
		break;
	}
	return KITH_ERR_INTERNAL;
}

static bool make(struct kith_cli *cli, const struct kith_code_wish *wish, struct kith_code *code,
	int *ret_status)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	enum kith_err err;
	int64_t row;

	if (!wish->who && wish->form == KITH_CODE_POCKET)
		return make_pocket(cli, wish, code, ret_status);
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, ret_status) ||
		(wish->who && !kith_cli_who(cli, store, wish->who, &row, ret_status)))
		return false;
	err = wish->form == KITH_CODE_INVITE ? make_invite(cli, code, &diag)
	      : wish->who                    ? make_of(store, row, wish, code, &diag)
					     : make_mine(store, wish, code, &diag);
	if (err)
		*ret_status = err == KITH_ERR_USAGE ? kith_cli_usage("qr", "%s", diag.text)
						    : kith_cli_fail(err, &diag);
	return !err;
}

bool kith_code_make(struct kith_cli *cli, const struct kith_code_wish *wish,
	struct kith_code *ret_code, int *ret_status)
{
	KITH_AUTO(kith_code_free) struct kith_code code = {0};

	if (!make(cli, wish, &code, ret_status))
		return false;
	*ret_code = code;
	code = (struct kith_code){0};
	return true;
}
