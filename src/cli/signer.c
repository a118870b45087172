/* SPDX-License-Identifier: MIT */
#include "cli/signer.h"

#include "base/auto.h"
#include "cli/person.h"
#include "cli/words.h"

static void forget(struct kith_signer *s)
{
	kith_contact_free(&s->contact);
	kith_my_free(&s->my);
	s->contact = (struct kith_contact){0};
	s->my = (struct kith_my){0};
	s->is_me = s->is_contact = s->former = s->has = s->unsure = false;
}

void kith_signer_free(struct kith_signer *s)
{
	forget(s);
	kith_store_close(s->store);
	s->store = NULL;
}

/* Whom the store has with that key. */
static enum kith_err ask(
	struct kith_signer *s, const uint8_t ik[static KITH_KEY_BYTES], struct kith_diag *diag)
{
	enum kith_err err = kith_my_read(s->store, &s->my, diag);

	if (err && err != KITH_ERR_MISSING)
		return err;
	if (!err && (s->is_me = kith_my_is(&s->my, ik))) {
		s->have = s->my.card;
		s->has = true;
		return KITH_OK;
	}
	err = kith_store_contact_of(s->store, ik, &s->contact);
	if (err)
		return err == KITH_ERR_NOPERSON
			       ? KITH_OK
			       : kith_fail(diag, err, "%s", kith_store_why(s->store));
	s->is_contact = true;
	s->former = memcmp(s->contact.ik, ik, KITH_KEY_BYTES) != 0;
	if (s->contact.envelope.n == 0)
		return KITH_OK;
	diag->text[0] = 0;
	err = kith_held_card(&s->contact, &s->have);
	s->has = !err;
	return err;
}

void kith_signer_find(
	struct kith_signer *s, const struct kith_cli *cli, const uint8_t ik[static KITH_KEY_BYTES])
{
	struct kith_diag diag = {0};
	enum kith_err err = KITH_OK;

	forget(s);
	if (!s->opened)
		err = kith_store_open(cli->home, KITH_STORE_READ, &s->store, &diag);
	s->opened = true;
	if (err == KITH_ERR_MISSING || (!err && !s->store))
		return;
	if (!err)
		err = ask(s, ik, &diag);
	s->unsure = err != KITH_OK;
	if (err)
		(void)kith_cli_fail(err, &diag);
}

const char *kith_signer_compare(const struct kith_signer *s, const struct kith_card *card)
{
	if (!s->has)
		return NULL;
	switch (kith_card_newer(&s->have, card)) {
	case KITH_ERR_EXISTS:
		return "same";
	case KITH_ERR_ROLLBACK:
		return "older";
	case KITH_ERR_CONFLICT:
		return "conflict";
	default: /* what somebody signs with a key that was left is no newer card of theirs */
		return s->former ? NULL : "newer";
	}
}

/* "the key you met on 3 May 2026 at FOSDEM (compared)". */
static enum kith_err print_key(const struct kith_contact *contact)
{
	static const char whom[] = "whom ";
	KITH_AUTO_BUF struct kith_buf text = {0};
	char name[KITH_QUOTED_BYTES];
	enum kith_err err = kith_words_whom(&text, contact);

	if (err || !kith_buf_cstr(&text))
		return KITH_ERR_NOMEM;
	const char *words = (const char *)text.p;
	kith_held_quoted(contact->name, name);
	if (strncmp(words, whom, sizeof whom - 1) == 0)
		(void)printf("signed by the key %s, that of %s\n", words + sizeof whom - 1, name);
	else
		(void)printf("signed by the key of %s, %s\n", name, words);
	return KITH_OK;
}

enum kith_err kith_signer_print(const struct kith_signer *s, bool key)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	char name[KITH_QUOTED_BYTES];
	enum kith_err err;

	if (s->is_me) {
		(void)printf("signed by you\n");
		return KITH_OK;
	}
	if (!s->is_contact) {
		(void)printf(
			s->unsure ? "signed; whether you know the signer could not be looked up\n"
				  : "signed by nobody you know\n");
		return KITH_OK;
	}
	if (s->former)
		(void)printf("signed with a key that its owner has left since\n");
	if (key)
		return print_key(&s->contact);
	if ((err = kith_words_whom(&text, &s->contact)))
		return err;
	(void)printf("signed by %s, %.*s\n", kith_held_quoted(s->contact.name, name), (int)text.n,
		(const char *)text.p);
	return KITH_OK;
}

bool kith_signer_json(const struct kith_signer *s, const struct kith_card *card, json_t *o)
{
	const char *compared = card ? kith_signer_compare(s, card) : NULL;
	const char *signer = s->is_me        ? "me"
			     : s->former     ? "former"
			     : s->is_contact ? "contact"
			     : s->unsure     ? "unknown"
					     : "nobody";
	int bad = json_object_set_new(o, "signer", json_string(signer));

	if (compared)
		bad |= json_object_set_new(o, "compared", json_string(compared));
	if (s->is_contact)
		bad |= json_object_set_new(
			o, "contact", kith_person_json(s->store, s->contact.row));
	return !bad;
}
