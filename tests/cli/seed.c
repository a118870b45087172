/* SPDX-License-Identifier: MIT
 *
 * seed - writes a meeting into a store as a swap would, so that the commands that show people can
 * be tested without a network.
 *
 *	seed HOME FILE.kith HOW EVENT SECONDS STEP
 *
 * FILE.kith is the other person's signed card, HOW is file, unattended, compared or scanned,
 * SECONDS Unix time.  STEP is how far the swap came: confirm, confirmed, card, receipt, or silent
 * (confirmed with somebody who gives no card).
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/limits.h"

#include <kith/store.h>

static enum kith_how how_named(const char *name)
{
	for (int how = KITH_HOW_FILE; how <= KITH_HOW_SCANNED; how++)
		if (strcmp(kith_how_name((enum kith_how)how), name) == 0)
			return (enum kith_how)how;
	(void)fprintf(stderr, "seed: no such way to know somebody: %s\n", name);
	exit(2);
}

static void must(enum kith_err err, const char *what)
{
	if (!err)
		return;
	(void)fprintf(stderr, "seed: %s: %s\n", what, kith_err_text(err));
	exit(1);
}

static struct kith_meeting meeting_with(
	const struct kith_card *card, const struct kith_mine *mine, char **argv)
{
	const struct kith_field *name = kith_fields_first(&card->fields, KITH_FIELD_NAME);
	struct kith_meeting m = {
		.label = name->part[0],
		.event = kith_span_str(argv[4]),
		.at = strtoll(argv[5], NULL, 10),
		.how = how_named(argv[3]),
		.they_give = strcmp(argv[6], "silent") != 0,
		.i_give = true,
		.rev = mine->held,
	};

	memcpy(m.ik, card->ik, sizeof m.ik);
	memcpy(m.xk, card->xk, sizeof m.xk);
	memcpy(m.card, mine->card, sizeof m.card);
	memcpy(m.session, card->ik, sizeof m.session);
	m.session[0] ^= (uint8_t)m.at; /* another time is another session */
	m.session[1] ^= (uint8_t)(m.at >> 8);
	return m;
}

static void receive(struct kith_store *store, const struct kith_meeting *m)
{
	struct kith_receipt r = {.rev = m->rev, .at = m->at};

	memcpy(r.session, m->session, sizeof r.session);
	memcpy(r.card, m->card, sizeof r.card);
	must(kith_store_receipt(store, &r), "receipt");
}

int main(int argc, char **argv)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {0};
	struct kith_store *store = NULL;
	struct kith_card card;

	if (argc != 7) {
		(void)fprintf(stderr, "usage: seed HOME FILE.kith HOW EVENT SECONDS STEP\n");
		return 2;
	}
	must(kith_crypto_start(), "libsodium");
	must(kith_file_read(argv[2], KITH_FILE_READ_MAX, &bytes, NULL), argv[2]);
	must(kith_card_from_file(kith_buf_span(&bytes), &envelope), argv[2]);
	must(kith_card_verify(kith_buf_span(&envelope), &card), argv[2]);
	must(kith_store_open(argv[1], KITH_STORE_WRITE, &store, NULL), argv[1]);
	must(kith_store_mine(store, &mine), "my card");
	struct kith_meeting m = meeting_with(&card, &mine, argv);
	must(kith_store_confirm(store, &m), "confirm");
	if (strcmp(argv[6], "confirm") != 0)
		must(kith_store_confirmed(store, m.session, m.how), "confirmed");
	if (strcmp(argv[6], "card") == 0 || strcmp(argv[6], "receipt") == 0)
		must(kith_store_card(store, m.session, &card, kith_buf_span(&envelope), m.at),
			"card");
	if (strcmp(argv[6], "receipt") == 0)
		receive(store, &m);
	kith_store_close(store);
	return 0;
}
