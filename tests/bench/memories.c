/* SPDX-License-Identifier: MIT
 *
 * memories - fills the store of a new home with that many people and what is remembered of them: ten notes and
 * touches each, tags, rings, reviews, promises, relations, introductions, events.  Always the same ones, for the same clock.
 *
 *	memories HOME COUNT [SECONDS]      SECONDS: what is "now" to it (Unix time); else the clock
 *
 * Rows are written by bare statements in one transaction; what repeats them (contact, search, both indices) is worked out by
 * the store's own functions, so it is as after so many commands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <kith/introduction.h>
#include <kith/people.h>

#include "store/contact.h"
#include "store/fields.h"
#include "store/uuid.h"

#define DAY_S    86400
#define REMARKS  10   /* a person */
#define CROWD    40   /* people an event */
#define OFFICE   25   /* people an organisation */
#define WORDS    6000 /* different ones in all notes; some are said often, most seldom */
#define TAGS     200
#define TRADES   600 /* words of offers and asks */
#define WORD_MAX 16

struct crowd {
	struct kith_store *store;
	int count;
	int64_t now; /* Unix seconds */
	uint64_t x;
};

static void must(enum kith_err err, const char *what)
{
	if (!err)
		return;
	(void)fprintf(stderr, "memories: %s: %s\n", what, kith_err_text(err));
	exit(1);
}

static int any(struct crowd *c, int below)
{
	c->x ^= c->x << 13;
	c->x ^= c->x >> 7;
	c->x ^= c->x << 17;
	return (int)(c->x >> 33) % below;
}

/* The smaller the likelier. */
static int low(struct crowd *c, int below)
{
	return (int)((int64_t)any(c, below) * any(c, below) / below);
}

static bool one_in(struct crowd *c, int n)
{
	return any(c, n) == 0;
}

/* Word number so many: "bado", "katime". */
static const char *word(int number, char out[static WORD_MAX])
{
	static const char first[] = "bdfgklmnprstvzhj", second[] = "aeiou";
	char *p = out;

	for (int n = number + 80; n > 0; n /= 80) {
		*p++ = first[n % 80 / 5];
		*p++ = second[n % 5];
	}
	*p = 0;
	return out;
}

static void add_words(struct crowd *c, char *text, size_t size, int count, int from, int below)
{
	char one[WORD_MAX];
	size_t n = strlen(text);

	for (int i = 0; i < count; i++)
		n += (size_t)snprintf(
			text + n, size - n, "%s%s", n ? " " : "", word(from + low(c, below), one));
}

static int64_t days_ago(struct crowd *c, int most)
{
	return c->now - (int64_t)any(c, most) * DAY_S - any(c, DAY_S);
}

static void run(struct kith_query *q)
{
	enum kith_err err = kith_query_run(q);

	must(err, err ? kith_store_why(q->store) : "");
}

/* --- who they are ----------------------------------------------------------------------------- */

struct texts {
	char name[64], email[64], org[64], title[64], offers[128], asks[128], bday[16], tel[32];
};

static void set(struct kith_fields *fields, uint32_t kind, const char *label, const char *text)
{
	if (*text)
		fields->at[fields->n++] = (struct kith_field){.kind = kind,
			.label = kith_span_str(label),
			.part = {kith_span_str(text)},
			.parts = 1};
}

static void describe(struct crowd *c, int number, struct texts *t)
{
	static const char *const given[] = {"Ada", "Zo\xc3\xab", "Alan", "Edsger", "Barbara",
		"Donald", "Frances", "Niklaus", "Radia", "Grace"};
	static const char *const forms[] = {" Ltd", " GmbH", "", ", Inc."};
	char a[WORD_MAX], b[WORD_MAX];
	int offices = c->count / OFFICE + 1, office = number / OFFICE;

	*t = (struct texts){0};
	word(any(c, 400000), a);
	a[0] = (char)(a[0] - 32);
	(void)snprintf(t->name, sizeof t->name, "%s %s", given[any(c, 10)], a);
	(void)snprintf(t->email, sizeof t->email, "p%d@example.org", number);
	(void)snprintf(t->tel, sizeof t->tel, "+44 20 %04d %04d", number / 10000, number % 10000);
	if (one_in(c, 5))
		office = any(c, offices);
	word(office * 7, b);
	(void)snprintf(t->org, sizeof t->org, "%s Works%s", b, forms[any(c, 4)]);
	if (one_in(c, 2))
		add_words(c, t->title, sizeof t->title, 2, WORDS, 300);
	if (one_in(c, 8))
		add_words(c, t->offers, sizeof t->offers, 3, WORDS + 300, TRADES);
	if (one_in(c, 8))
		add_words(c, t->asks, sizeof t->asks, 2, WORDS + 300, TRADES);
	if (one_in(c, 3))
		(void)snprintf(t->bday, sizeof t->bday, "%d-%02d-%02d", 1940 + any(c, 60),
			1 + any(c, 12), 1 + any(c, 28));
}

static void list_fields(const struct texts *t, struct kith_fields *fields)
{
	fields->n = 0;
	set(fields, KITH_FIELD_NAME, "", t->name);
	set(fields, KITH_FIELD_ORG, "", t->org);
	set(fields, KITH_FIELD_TITLE, "", t->title);
	set(fields, KITH_FIELD_EMAIL, "work", t->email);
	set(fields, KITH_FIELD_TEL, "mobile", t->tel);
	set(fields, KITH_FIELD_OFFERS, "", t->offers);
	set(fields, KITH_FIELD_ASKS, "", t->asks);
	set(fields, KITH_FIELD_BDAY, "", t->bday);
}

static void keep_card(
	struct crowd *c, int64_t row, const struct kith_card *card, struct kith_span envelope)
{
	uint8_t hash[32];
	struct kith_query q = kith_query(c->store,
		"INSERT INTO card (contact, card, variant, rev, xk, hash, live, at, held, envelope) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, 1, ?8)");

	kith_card_hash(
		envelope, hash); /* not that of the body: verifying each takes a third of it all */
	kith_bind_int(&q, row);
	kith_bind_blob(&q, card->card, sizeof card->card);
	kith_bind_int(&q, card->variant);
	kith_bind_int(&q, (int64_t)card->rev);
	kith_bind_blob(&q, card->xk, sizeof card->xk);
	kith_bind_blob(&q, hash, sizeof hash);
	kith_bind_int(&q, card->issued);
	kith_bind_blob(&q, envelope.p, envelope.n);
	run(&q);
}

/* With a key, and a card signed by it.  The fields of *card are gone when this returns. */
static int64_t add_person(struct crowd *c, int number, struct kith_card *card)
{
	struct texts t;
	struct kith_identity *id = NULL;
	struct kith_buf envelope = {0};
	int64_t row;

	describe(c, number, &t);
	*card = (struct kith_card){.rev = 1, .issued = c->now - DAY_S};
	list_fields(&t, &card->fields);
	must(kith_identity_new(NULL, &id), "a key");
	must(kith_card_sign(id, card, &envelope), "a card");
	memcpy(card->ik, kith_identity_ik(id), sizeof card->ik);
	memcpy(card->xk, kith_identity_xk(id), sizeof card->xk);
	must(kith_contact_take(c->store, card->ik, card->issued, &row), "a person");
	keep_card(c, row, card, kith_buf_span(&envelope));
	must(kith_fields_put(c->store, row, 0, &card->fields), "the fields");
	kith_buf_free(&envelope);
	kith_identity_free(id);
	return row;
}

/* --- how I came to know them ------------------------------------------------------------------ */

static int64_t add_event(struct crowd *c, int number)
{
	char a[WORD_MAX], name[48];
	struct kith_query q = kith_query(c->store,
		"INSERT INTO event (name, fold, began, ended) VALUES (?1, fold(?1), ?2, ?2 + 172800)");

	(void)snprintf(name, sizeof name, "%s days %d", word(number % 500, a), 2020 + number / 500);
	kith_bind_text(&q, kith_span_str(name));
	kith_bind_int(&q, c->now - (int64_t)(3 + number * 37 % 1500) * DAY_S);
	run(&q);
	return sqlite3_last_insert_rowid(c->store->db);
}

static void meet(struct crowd *c, int64_t row, int64_t event, const struct kith_card *card)
{
	uint8_t session[32];
	struct kith_query q = kith_query(c->store,
		"INSERT INTO met (session, contact, xk, label, event, network, at, gives, how_mine, "
		"how_theirs, happening) SELECT ?1, ?2, ?3, '', name, '', began + ?4, 1, 2, 2, row FROM "
		"event WHERE row = ?5");

	memcpy(session, card->ik, sizeof session);
	for (size_t i = 0; i < 8; i++) /* another meeting is another session */
		session[i] ^= (uint8_t)any(c, 256);
	kith_bind_blob(&q, session, sizeof session);
	kith_bind_int(&q, row);
	kith_bind_blob(&q, card->xk, sizeof card->xk);
	kith_bind_int(&q, any(c, DAY_S));
	kith_bind_int(&q, event);
	run(&q);
}

static void introduce(struct crowd *c, int64_t row, int64_t introducer, const uint8_t ik[static 32])
{
	char words[96] = "";
	struct kith_query q = kith_query(c->store,
		"INSERT INTO introduced (contact, introducer, words, how, at, intro, granted) VALUES "
		"(?1, ?2, ?3, 2, ?4, ?5, x'')");

	add_words(c, words, sizeof words, 5, 0, WORDS);
	kith_bind_int(&q, row);
	kith_bind_int(&q, introducer);
	kith_bind_text(&q, kith_span_str(words));
	kith_bind_int(&q, days_ago(c, 1000));
	kith_bind_blob(&q, ik, 32);
	run(&q);
}

/* --- what is remembered ----------------------------------------------------------------------- */

static void remark(struct crowd *c, int64_t row)
{
	char text[256] = "";
	int kind = one_in(c, 3) ? KITH_REMARK_CALL + any(c, 3) : KITH_REMARK_NOTE;
	struct kith_query q = kith_query(c->store,
		"INSERT INTO remark (contact, kind, at, text, fold) VALUES (?1, ?2, ?3, ?4, ?4)");

	add_words(c, text, sizeof text, 4 + any(c, 10), 0, WORDS);
	kith_bind_int(&q, row);
	kith_bind_int(&q, kind);
	kith_bind_int(&q, days_ago(c, 1000));
	kith_bind_text(&q, kith_span_str(text));
	run(&q);
}

static void tag(struct crowd *c, int64_t row)
{
	char one[WORD_MAX];
	struct kith_query q = kith_query(c->store,
		"INSERT INTO tag (contact, fold, name) VALUES (?1, ?2, ?2) ON CONFLICT DO NOTHING");

	kith_bind_int(&q, row);
	kith_bind_text(&q, kith_span_str(word(50 + low(c, TAGS), one)));
	run(&q);
}

/* One in ten is open; of those few have a day that is near. */
static void promise(struct crowd *c, int64_t row)
{
	char text[128] = "";
	bool ended = !one_in(c, 10);
	struct kith_query q = kith_query(c->store,
		"INSERT INTO promise (contact, theirs, thing, text, made, by, state, ended) VALUES (?1, "
		"?2, ?3, ?4, ?5, ?6, ?7, ?8)");

	add_words(c, text, sizeof text, 5, 0, WORDS);
	kith_bind_int(&q, row);
	kith_bind_int(&q, one_in(c, 3));
	kith_bind_int(&q, one_in(c, 5));
	kith_bind_text(&q, kith_span_str(text));
	kith_bind_int(&q, days_ago(c, 400));
	if (one_in(c, 3))
		kith_bind_null(&q);
	else
		kith_bind_int(&q, c->now / DAY_S - 10 + any(c, 400));
	kith_bind_int(&q, ended ? KITH_PROMISE_DONE : KITH_PROMISE_OPEN);
	kith_bind_int(&q, ended ? c->now - any(c, DAY_S) : 0);
	run(&q);
}

/* Of two who came at nearly one time. */
static void relate(struct crowd *c, int64_t row)
{
	char words[96] = "";
	int64_t other = row - 1 - any(c, CROWD);
	struct kith_query q = kith_query(c->store,
		"INSERT INTO relation (a, b, words, at) SELECT row, ?2, ?3, ?4 FROM contact WHERE row = "
		"?1 ON CONFLICT DO NOTHING");

	add_words(c, words, sizeof words, 3, 0, WORDS);
	kith_bind_int(&q, other);
	kith_bind_int(&q, row);
	kith_bind_text(&q, kith_span_str(words));
	kith_bind_int(&q, days_ago(c, 1000));
	run(&q);
}

/* The rings are full, of people from everywhere; of the others most are kept, few let go. */
static void stand(struct crowd *c, int64_t row, int number)
{
	int each = c->count / 205 ? c->count / 205 : 1;
	int nth = number % each ? 205 : number / each;
	int ring = nth < 15 ? 1 : nth < 55 ? 2 : nth < 205 ? 3 : 0;
	int dice = any(c, 100);
	int review = ring || dice >= 12 ? KITH_REVIEW_KEEP
		     : dice < 1         ? KITH_REVIEW_SOON
		     : dice < 6         ? KITH_REVIEW_LETGO
					: KITH_REVIEW_WAITS;
	struct kith_query q = kith_query(c->store,
		"UPDATE contact SET ring = nullif(?2, 0), ring_at = iif(?2, ?3, NULL), review = ?4, "
		"reviewed_at = iif(?4, ?3, NULL), letgo_used = iif(?4 = 3, 0, NULL) WHERE row = ?1");

	kith_bind_int(&q, row);
	kith_bind_int(&q, ring);
	kith_bind_int(&q, days_ago(c, 900));
	kith_bind_int(&q, review);
	run(&q);
}

static void remember(struct crowd *c, int64_t row, int number)
{
	for (int i = 0; i < REMARKS; i++)
		remark(c, row);
	for (int i = 0; i < 2; i++)
		tag(c, row);
	if (one_in(c, 2))
		promise(c, row);
	if (one_in(c, 2))
		relate(c, row);
	stand(c, row, number);
	must(kith_contact_refresh(c->store, row), "what is repeated");
}

static void fill(struct crowd *c)
{
	static struct kith_card card;
	int64_t event = 0;

	for (int i = 0; i < c->count; i++) {
		if (i % CROWD == 0)
			event = add_event(c, i / CROWD);
		int64_t row = add_person(c, i, &card);
		if (i > 0 && one_in(c, 20)) {
			introduce(c, row, 1 + any(c, (int)row - 1), card.ik);
		} else {
			meet(c, row, event, &card);
			if (one_in(c, 10))
				meet(c, row, 1 + any(c, (int)event), &card);
		}
		remember(c, row, i);
	}
	struct kith_query q = kith_query(c->store, "INSERT INTO said (said) VALUES ('rebuild')");
	run(&q);
}

int main(int argc, char **argv)
{
	struct kith_diag diag = {0};
	struct crowd c = {.x = 88172645463325252u};

	if (argc != 3 && argc != 4)
		return 2;
	c.count = atoi(argv[2]);
	c.now = argc == 4 ? strtoll(argv[3], NULL, 10) : (int64_t)time(NULL);
	must(kith_crypto_start(), "libsodium");
	must(kith_store_open(argv[1], KITH_STORE_WRITE, &c.store, &diag), diag.text);
	/* nothing is lost with it */
	(void)sqlite3_exec(c.store->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	must(kith_store_batch(c.store), "the store");
	fill(&c);
	must(kith_store_batch_end(c.store, true), "the store");
	kith_store_close(c.store);
	return 0;
}
