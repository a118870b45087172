/* SPDX-License-Identifier: MIT
 *
 * store_world - what the tests of the store share: a home that goes away again, people, cards.
 */
#ifndef KITH_TESTS_STORE_WORLD_H
#define KITH_TESTS_STORE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <kith/store.h>

#define assert_ok(e)        assert_string_equal(kith_err_name(e), "ok")
#define assert_err(e, name) assert_string_equal(kith_err_name(e), #name)

/* cmocka set-up and tear-down: *state is the path of a fresh, private folder. */
int world_make(void **state);
int world_remove(void **state);

/* home/kith.db and so on; static, overwritten by the eighth call after. */
const char *world_path(const char *home, const char *name);

/* A store opened for writing or reading; fails the test otherwise. */
struct kith_store *world_open(const char *home, enum kith_store_mode mode);

/* Runs SQL on the file from outside; fails the test on an error. */
void world_sql(const char *home, const char *sql);

/* One number by SQL from outside. */
int64_t world_number(const char *home, const char *sql);

/* A card as it comes out of kith_card_verify. */
struct world_card {
	struct kith_buf envelope;
	struct kith_card card; /* borrows from envelope */
};

/* A card of the person that seed stands for, signed; text is like
 * "name=Ada\nemail=ada@example.org". which becomes the first byte of the card id. */
void world_card(
	struct world_card *card, uint8_t seed, uint8_t which, uint64_t rev, const char *text);
void world_pocket(
	struct world_card *card, uint8_t seed, uint8_t which, uint64_t rev, const char *text);
void world_card_free(struct world_card *card);

/* The keys of the person that seed stands for. */
void world_keys(uint8_t seed, uint8_t ik[static 32], uint8_t xk[static 32]);

/* Makes and imports such a card. */
enum kith_err world_import(struct kith_store *store, uint8_t seed, uint8_t which, uint64_t rev,
	const char *text, enum kith_import *ret_what);

/* Puts an entry, fields as for world_card; what the vCard says is its UID.  contact 0: a new person, whose
 * number is returned; the test fails otherwise. */
int64_t world_entry(struct kith_store *store, int64_t contact, const char *uid, const char *text);

/* The same with everything as it comes. */
enum kith_err world_entry_put(struct kith_store *store, struct kith_entry *entry, const char *uid,
	const char *text, const char *words);

/* A meeting: session bytes are all `session`; they give, I owe card 1 in revision rev. */
struct kith_meeting world_meeting(uint8_t session, uint8_t seed, const char *label, uint64_t rev);

/* A receipt in that session for my card 1 in revision rev. */
struct kith_receipt world_receipt(uint8_t session, uint64_t rev);

/* Names that a reading function hands over, joined by "|" in *state (a char[512]). */
bool world_names(void *text, const struct kith_contact *contact);

/* Appends the bytes of a file; out may be freed with kith_buf_free. */
void world_read(const char *path, struct kith_buf *out);

/* Whether the bytes stand anywhere in a file of the store. */
bool world_at_rest(const char *home, const char *bytes);

/* Imports a card of the person that seed stands for, and returns their row. */
int64_t world_person(struct kith_store *store, uint8_t seed, const char *name);

/* A meeting as world_meeting makes it, at that event and moment. */
enum kith_err world_meet(
	struct kith_store *store, uint8_t session, uint8_t seed, const char *event, int64_t at);

/* Runs fn(home) in a process of its own and returns what it returned, or 128 + the signal that
 * ended it.  fn must not use cmocka; it says what went wrong with world_check. */
int world_child(int (*fn)(const char *home), const char *home);
int world_wait(pid_t child);

#define WORLD_SKIP 77 /* returned by a child that cannot do what it should; has said why */

#define world_check(x)                                                                             \
	do {                                                                                       \
		if (!(x)) {                                                                        \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);                    \
			return 1;                                                                  \
		}                                                                                  \
	} while (0)

/* A mount namespace of one's own, in a child.  False, with the reason printed, where that is not
 * allowed. */
bool world_own_mounts(void);

/* PRAGMA integrity_check and foreign_key_check say nothing. */
void world_sound(const char *home);

#endif
