/* SPDX-License-Identifier: MIT
 *
 * entries - an import of that many vCards of new people, as rows; prints the seconds it took.
 *
 *	entries kith HOME COUNT      each looked for and put, in durable batches, by the store
 *	entries plain FROM HOME      the rows that this made in FROM, read into memory before the clock
 *	                             starts, inserted by bare statements in the same batches
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <kith/store.h>

#include "base/limits.h"

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "entries: %s\n", what);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- kith ------------------------------------------------------------------------------------- */

struct person {
	char uid[40], name[64], given[32], family[32], mail[2][64], tel[2][32], org[48], street[48],
		words[64], vcard[1024];
	struct kith_fields fields;
};

static void set(struct person *p, uint32_t kind, const char *label, const char *text)
{
	p->fields.at[p->fields.n++] = (struct kith_field){.kind = kind,
		.label = kith_span_str(label),
		.part = {kith_span_str(text)},
		.parts = 1};
}

static void set_address(struct person *p)
{
	struct kith_field *f = &p->fields.at[p->fields.n++];

	*f = (struct kith_field){
		.kind = KITH_FIELD_ADR, .label = kith_span_str("home"), .parts = KITH_FIELD_PARTS};
	f->part[2] = kith_span_str(p->street);
	f->part[3] = kith_span_str("London");
	f->part[5] = kith_span_str("N1 9GU");
}

static uint64_t next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	return *x ^= *x << 17;
}

/* What an export of a telephone has about somebody. */
static void make(struct person *p, unsigned number, uint64_t *x)
{
	static const char *const given[] = {"Ada",
		"Gr\xc3\xa1"
		"ce",
		"Alan", "Edsger", "Barbara", "Donald", "Frances", "Niklaus", "Radia", "Zo\xc3\xab"};
	static const char *const family[] = {"Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov",
		"Knuth", "Allen", "Wirth", "Perlman", "Quinn", "M\xc3\xbcller", "Okafor"};
	unsigned a = (unsigned)(next(x) >> 33), b = (unsigned)(next(x) >> 33);

	p->fields.n = 0;
	(void)snprintf(p->uid, sizeof p->uid, "%08x-%04x-4%03x-8%03x-%012x", a, b & 0xffff,
		b >> 20 & 0xfff, a & 0xfff, number);
	(void)snprintf(p->given, sizeof p->given, "%s", given[a % 10]);
	(void)snprintf(p->family, sizeof p->family, "%s%u", family[b % 12], number % 997);
	(void)snprintf(p->name, sizeof p->name, "%s %s", p->given, p->family);
	(void)snprintf(p->mail[0], sizeof p->mail[0], "p%u@example.org", number);
	(void)snprintf(p->mail[1], sizeof p->mail[1], "%u.%u@mail.example.net", a % 10000, number);
	(void)snprintf(p->tel[0], sizeof p->tel[0], "+44 20 %04u %04u", a % 10000, number % 10000);
	(void)snprintf(p->tel[1], sizeof p->tel[1], "0%u", 700000000u + number);
	(void)snprintf(p->org, sizeof p->org, "Office %u", a % 97);
	(void)snprintf(p->street, sizeof p->street, "%u High Street", b % 300);
	(void)snprintf(p->words, sizeof p->words, "https://chat.example.org/p%u", number);
	set(p, KITH_FIELD_NAME, "", p->name);
	set(p, KITH_FIELD_GIVEN, "", p->given);
	set(p, KITH_FIELD_FAMILY, "", p->family);
	set(p, KITH_FIELD_ORG, "", p->org);
	set(p, KITH_FIELD_EMAIL, "work", p->mail[0]);
	set(p, KITH_FIELD_TEL, "mobile", p->tel[0]);
	if (number % 2) {
		set(p, KITH_FIELD_EMAIL, "home", p->mail[1]);
		set(p, KITH_FIELD_TEL, "home", p->tel[1]);
		set_address(p);
	}
	(void)snprintf(p->vcard, sizeof p->vcard,
		"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:%s\r\nFN:%s\r\nN:%s;%s;;;\r\nORG:%s\r\n"
		"EMAIL;TYPE=WORK:%s\r\nTEL;TYPE=CELL:%s\r\nADR;TYPE=HOME:;;%s;London;;N1 9GU;\r\n"
		"X-SOCIALPROFILE;TYPE=chat:%s\r\nREV:2023-11-14T22:13:20Z\r\nEND:VCARD\r\n",
		p->uid, p->name, p->family, p->given, p->org, p->mail[0], p->tel[0], p->street,
		p->words);
}

static void put(struct kith_store *store, const struct person *p)
{
	struct kith_entry entry = {
		.imported = true, .uid = kith_span_str(p->uid), .vcard = kith_span_str(p->vcard)};
	struct kith_entry_content content = {&p->fields, kith_span_str(p->words)};
	enum kith_match match;
	int64_t contact, row;

	must(!kith_store_match(store, entry.uid, &p->fields, &match, &contact, &row) &&
			match == KITH_MATCH_NONE,
		"somebody is there already");
	must(!kith_store_entry_put(store, &entry, &content, 1700000000), kith_store_why(store));
}

static double import(const char *home, unsigned count)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	struct person *p = calloc(1, sizeof *p);
	uint64_t x = 88172645463325252u;
	double making = 0;

	must(p && !kith_store_open(home, KITH_STORE_WRITE, &store, &diag), diag.text);
	double start = now();
	for (unsigned i = 0; i < count; i++) {
		double before = now();
		make(p, i, &x);
		making += now() - before;
		if (i % KITH_BATCH_MAX == 0)
			must(!kith_store_batch(store), kith_store_why(store));
		put(store, p);
		if ((i + 1) % KITH_BATCH_MAX == 0 || i + 1 == count)
			must(!kith_store_batch_end(store, true), kith_store_why(store));
	}
	double took = now() - start - making;
	kith_store_close(store);
	free(p);
	return took;
}

/* --- the floor -------------------------------------------------------------------------------- */

/* A table: how its rows are read, in the order of people, and written. */
static const struct table {
	const char *read, *write;
} tables[] = {
	{"SELECT row, row, uuid, added, state, name, fold, org, entries FROM contact ORDER BY row",
		"INSERT INTO contact (row, uuid, added, state, name, fold, org, entries) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
	{"SELECT contact, row, contact, uuid, uid, imported, added, at, words, vcard FROM entry "
	 "ORDER BY contact",
		"INSERT INTO entry (row, contact, uuid, uid, imported, added, at, words, vcard) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
	{"SELECT contact, contact, entry, seq, kind, label, preferred, value, fold, same FROM field "
	 "ORDER BY contact, entry, seq",
		"INSERT INTO field (contact, entry, seq, kind, label, preferred, value, fold, same) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
	{"SELECT contact, contact, name, text FROM search ORDER BY contact",
		"INSERT INTO search (contact, name, text) VALUES (?, ?, ?)"},
	{"SELECT contact, contact, name, text FROM search ORDER BY contact",
		"INSERT INTO words (rowid, name, text) VALUES (?, ?, ?)"},
};

enum { TABLES = sizeof tables / sizeof tables[0] };

/* One row in memory. */
struct row {
	sqlite3_int64 contact;
	sqlite3_value **at;
	int n;
};

struct rows {
	struct row *at;
	size_t n;
};

static sqlite3 *open_db(const char *home, int flags)
{
	char path[4096];
	sqlite3 *db = NULL;

	(void)snprintf(path, sizeof path, "%s/kith.db", home);
	must(sqlite3_open_v2(path, &db, flags, NULL) == SQLITE_OK, path);
	return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	must(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) == SQLITE_OK,
		sqlite3_errmsg(db));
	return stmt;
}

static void read_rows(sqlite3 *db, const char *sql, struct rows *rows)
{
	sqlite3_stmt *stmt = prepare(db, sql);
	int n = sqlite3_column_count(stmt) - 1;

	while (sqlite3_step(stmt) == SQLITE_ROW) {
		if ((rows->n & (rows->n - 1)) == 0)
			rows->at =
				realloc(rows->at, (rows->n ? 2 * rows->n : 1) * sizeof *rows->at);
		struct row *row = rows->at ? &rows->at[rows->n++] : NULL;
		must(row && (row->at = calloc((size_t)n, sizeof *row->at)), "memory");
		row->contact = sqlite3_column_int64(stmt, 0);
		row->n = n;
		for (int i = 0; i < n; i++)
			must((row->at[i] = sqlite3_value_dup(sqlite3_column_value(stmt, i + 1))),
				"memory");
	}
	(void)sqlite3_finalize(stmt);
}

static void insert(sqlite3 *db, sqlite3_stmt *stmt, const struct row *row)
{
	for (int i = 0; i < row->n; i++)
		switch (sqlite3_value_type(row->at[i])) {
		case SQLITE_INTEGER:
			(void)sqlite3_bind_int64(stmt, i + 1, sqlite3_value_int64(row->at[i]));
			break;
		case SQLITE_NULL:
			(void)sqlite3_bind_null(stmt, i + 1);
			break;
		case SQLITE_BLOB:
			(void)sqlite3_bind_blob(stmt, i + 1, sqlite3_value_blob(row->at[i]),
				sqlite3_value_bytes(row->at[i]), SQLITE_STATIC);
			break;
		default:
			(void)sqlite3_bind_text(stmt, i + 1,
				(const char *)sqlite3_value_text(row->at[i]),
				sqlite3_value_bytes(row->at[i]), SQLITE_STATIC);
		}
	must(sqlite3_step(stmt) == SQLITE_DONE, sqlite3_errmsg(db));
	(void)sqlite3_reset(stmt);
}

static void run(sqlite3 *db, const char *sql)
{
	must(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(db));
}

static double insert_all(const char *from, const char *home)
{
	static struct rows rows[TABLES];
	sqlite3_stmt *stmt[TABLES];
	size_t at[TABLES] = {0};
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	sqlite3 *db = open_db(from, SQLITE_OPEN_READONLY);
	for (int i = 0; i < TABLES; i++)
		read_rows(db, tables[i].read, &rows[i]);
	(void)sqlite3_close(db);
	must(!kith_store_open(home, KITH_STORE_WRITE, &store, &diag), diag.text); /* the schema */
	kith_store_close(store);
	db = open_db(home, SQLITE_OPEN_READWRITE);
	run(db, "PRAGMA synchronous = FULL");
	for (int i = 0; i < TABLES; i++)
		stmt[i] = prepare(db, tables[i].write);
	double start = now();
	for (size_t person = 0; person < rows[0].n; person++) {
		if (person % KITH_BATCH_MAX == 0)
			run(db, "BEGIN IMMEDIATE");
		for (int i = 0; i < TABLES; i++)
			for (; at[i] < rows[i].n &&
				rows[i].at[at[i]].contact == rows[0].at[person].contact;
				at[i]++)
				insert(db, stmt[i], &rows[i].at[at[i]]);
		if ((person + 1) % KITH_BATCH_MAX == 0 || person + 1 == rows[0].n)
			run(db, "COMMIT");
	}
	double took = now() - start;
	for (int i = 0; i < TABLES; i++) {
		must(at[i] == rows[i].n, "rows were left over");
		(void)sqlite3_finalize(stmt[i]);
	}
	(void)sqlite3_close(db);
	return took;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	must(!kith_crypto_start(), "libsodium");
	if (strcmp(argv[1], "kith") == 0)
		(void)printf("%.6f\n", import(argv[2], (unsigned)strtoul(argv[3], NULL, 10)));
	else
		(void)printf("%.6f\n", insert_all(argv[2], argv[3]));
	return 0;
}
