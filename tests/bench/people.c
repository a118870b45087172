/* SPDX-License-Identifier: MIT
 *
 * people - puts signed cards of that many new people into the store of a home.
 *
 *	people HOME COUNT
 */
#include <stdio.h>
#include <stdlib.h>

#include <kith/store.h>

#define BATCH 250 /* people a transaction */

static void must(enum kith_err err, const char *what)
{
	if (!err)
		return;
	(void)fprintf(stderr, "people: %s: %s\n", what, kith_err_text(err));
	exit(1);
}

static void set(struct kith_card *card, uint32_t kind, const char *label, const char *text)
{
	card->fields.at[card->fields.n++] = (struct kith_field){.kind = kind,
		.label = kith_span_str(label),
		.part = {kith_span_str(text)},
		.parts = 1};
}

static void add_person(struct kith_store *store, int number)
{
	static const char *const given[] = {"Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald",
		"Frances", "Niklaus", "Radia", "Tony"};
	char name[64], email[64], org[64];
	struct kith_identity *id = NULL;
	struct kith_card card = {.rev = 1, .issued = 1700000000 + number};
	struct kith_card signed_card;
	struct kith_buf envelope = {0};
	enum kith_import what;

	(void)snprintf(name, sizeof name, "%s Number%d", given[number % 10], number * 7919 % 10007);
	(void)snprintf(email, sizeof email, "p%d@example.org", number);
	(void)snprintf(org, sizeof org, "Office %d", number % 97);
	set(&card, KITH_FIELD_NAME, "", name);
	set(&card, KITH_FIELD_ORG, "", org);
	set(&card, KITH_FIELD_EMAIL, "work", email);
	set(&card, KITH_FIELD_TEL, "mobile", "+1 202 555 0143");
	must(kith_identity_new(NULL, &id), "a key");
	must(kith_card_sign(id, &card, &envelope), "a card");
	must(kith_card_verify(kith_buf_span(&envelope), &signed_card), "a card");
	must(kith_store_import(
		     store, &signed_card, kith_buf_span(&envelope), 1700000000 + number, &what),
		"the store");
	kith_buf_free(&envelope);
	kith_identity_free(id);
}

int main(int argc, char **argv)
{
	struct kith_diag diag = {0};
	struct kith_store *store = NULL;

	if (argc != 3)
		return 2;
	must(kith_crypto_start(), "libsodium");
	must(kith_store_open(argv[1], KITH_STORE_WRITE, &store, &diag), diag.text);
	for (int i = 0, count = atoi(argv[2]); i < count; i++) {
		if (i % BATCH == 0)
			must(kith_store_batch(store), "the store");
		add_person(store, i);
		if (i % BATCH == BATCH - 1 || i == count - 1)
			must(kith_store_batch_end(store, true), "the store");
	}
	kith_store_close(store);
	return 0;
}
