/* SPDX-License-Identifier: MIT */
#include "store_former.h"

#include <sys/stat.h>

static const char version_1[] =
	"CREATE TABLE mine (\n"
	"\tone INTEGER PRIMARY KEY CHECK (one = 1),\n"
	"\trev INTEGER NOT NULL,\n"
	"\tprofile BLOB NOT NULL,\n"
	"\theld INTEGER NOT NULL REFERENCES mine_card (rev)\n"
	");\n"
	"CREATE TABLE mine_card (\n"
	"\trev INTEGER PRIMARY KEY,\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\tenvelope BLOB NOT NULL\n"
	");\n"
	"CREATE TABLE contact (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tik BLOB NOT NULL UNIQUE CHECK (length(ik) = 32),\n"
	"\tadded INTEGER NOT NULL,\n"
	"\tconflict INTEGER NOT NULL DEFAULT 0,\n"
	"\tstate INTEGER NOT NULL DEFAULT 0,\n"
	"\txk BLOB,\n"
	"\tname TEXT NOT NULL DEFAULT '',\n"
	"\tfold TEXT NOT NULL DEFAULT '',\n"
	"\torg TEXT NOT NULL DEFAULT '',\n"
	"\trev INTEGER NOT NULL DEFAULT 0,\n"
	"\tgives INTEGER NOT NULL DEFAULT 0,\n"
	"\tdelivered INTEGER NOT NULL DEFAULT 0,\n"
	"\tmet_at INTEGER,\n"
	"\tmet_event TEXT,\n"
	"\tmet_how INTEGER\n"
	");\n"
	"CREATE INDEX contact_fold ON contact (fold);\n"
	"CREATE TABLE card (\n"
	"\trow INTEGER PRIMARY KEY,\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\tvariant INTEGER NOT NULL,\n"
	"\trev INTEGER NOT NULL,\n"
	"\txk BLOB NOT NULL CHECK (length(xk) = 32),\n"
	"\thash BLOB NOT NULL CHECK (length(hash) = 32),\n"
	"\tlive INTEGER NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\theld INTEGER NOT NULL DEFAULT 0,\n"
	"\tenvelope BLOB NOT NULL,\n"
	"\tUNIQUE (contact, card, variant, rev)\n"
	");\n"
	"CREATE UNIQUE INDEX card_held ON card (contact) WHERE held;\n"
	"CREATE TABLE field (\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tseq INTEGER NOT NULL,\n"
	"\tkind INTEGER NOT NULL,\n"
	"\tlabel TEXT NOT NULL,\n"
	"\tvalue TEXT NOT NULL,\n"
	"\tfold TEXT NOT NULL,\n"
	"\tPRIMARY KEY (contact, seq)\n"
	") WITHOUT ROWID;\n"
	"CREATE INDEX field_email ON field (fold) WHERE kind = 20;\n"
	"CREATE TABLE search (\n"
	"\tcontact INTEGER PRIMARY KEY REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\ttext TEXT NOT NULL\n"
	");\n"
	"CREATE TABLE met (\n"
	"\trow INTEGER PRIMARY KEY,\n"
	"\tsession BLOB NOT NULL UNIQUE CHECK (length(session) = 32),\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\txk BLOB NOT NULL CHECK (length(xk) = 32),\n"
	"\tlabel TEXT NOT NULL,\n"
	"\tevent TEXT NOT NULL,\n"
	"\tnetwork TEXT NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tgives INTEGER NOT NULL,\n"
	"\thow_mine INTEGER NOT NULL,\n"
	"\thow_theirs INTEGER\n"
	");\n"
	"CREATE INDEX met_contact ON met (contact);\n"
	"CREATE TABLE debt (\n"
	"\tsession BLOB PRIMARY KEY REFERENCES met (session) ON DELETE CASCADE,\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\trev INTEGER NOT NULL\n"
	") WITHOUT ROWID;\n"
	"CREATE INDEX debt_contact ON debt (contact);\n"
	"CREATE TABLE receipt (\n"
	"\tsession BLOB NOT NULL CHECK (length(session) = 32),\n"
	"\tenvelope_hash BLOB NOT NULL CHECK (length(envelope_hash) = 32),\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tsig BLOB NOT NULL CHECK (length(sig) = 64),\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\trev INTEGER NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tPRIMARY KEY (session, envelope_hash)\n"
	") WITHOUT ROWID;\n"
	"CREATE INDEX receipt_contact ON receipt (contact);\n";

static const char version_2[] = "CREATE TABLE failed (\n"
				"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
				"\tboot BLOB NOT NULL CHECK (length(boot) = 16),\n"
				"\tat INTEGER NOT NULL\n"
				");\n";

static const char version_3[] =
	"CREATE TABLE contact_3 (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tik BLOB CHECK (length(ik) = 32),\n"
	"\tuuid BLOB NOT NULL CHECK (length(uuid) = 16),\n"
	"\tadded INTEGER NOT NULL,\n"
	"\tconflict INTEGER NOT NULL DEFAULT 0,\n"
	"\tstate INTEGER NOT NULL DEFAULT 0,\n"
	"\txk BLOB,\n"
	"\tname TEXT NOT NULL DEFAULT '',\n"
	"\tfold TEXT NOT NULL DEFAULT '',\n"
	"\torg TEXT NOT NULL DEFAULT '',\n"
	"\trev INTEGER NOT NULL DEFAULT 0,\n"
	"\tgives INTEGER NOT NULL DEFAULT 0,\n"
	"\tdelivered INTEGER NOT NULL DEFAULT 0,\n"
	"\tmet_at INTEGER,\n"
	"\tmet_event TEXT,\n"
	"\tmet_how INTEGER,\n"
	"\tentries INTEGER NOT NULL DEFAULT 0\n"
	");\n"
	"INSERT INTO contact_3 SELECT row, ik, uuid_of_key(ik), added, conflict, state, xk, name, "
	"fold, org, rev, gives, delivered, met_at, met_event, met_how, 0 FROM contact;\n"
	/* what the old one will have given out, also to people who were forgotten since */
	"DELETE FROM sqlite_sequence WHERE name = 'contact_3';\n"
	"INSERT INTO sqlite_sequence (name, seq) "
	"SELECT 'contact_3', seq FROM sqlite_sequence WHERE name = 'contact';\n"
	"DROP TABLE contact;\n"
	"ALTER TABLE contact_3 RENAME TO contact;\n"
	"CREATE UNIQUE INDEX contact_ik ON contact (ik) WHERE ik IS NOT NULL;\n"
	"CREATE INDEX contact_uuid ON contact (uuid) WHERE ik IS NOT NULL;\n"
	"CREATE INDEX contact_fold ON contact (fold);\n"
	"CREATE TABLE entry (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\thome INTEGER,\n"
	"\tuuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),\n"
	"\tuid TEXT NOT NULL,\n"
	"\timported INTEGER NOT NULL,\n"
	"\tadded INTEGER NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\talias TEXT,\n"
	"\twords TEXT NOT NULL,\n"
	"\tvcard BLOB NOT NULL\n"
	");\n"
	"CREATE INDEX entry_contact ON entry (contact);\n"
	"CREATE INDEX entry_alias ON entry (alias) WHERE alias IS NOT NULL;\n"
	"CREATE TABLE field_3 (\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tentry INTEGER NOT NULL,\n"
	"\tseq INTEGER NOT NULL,\n"
	"\tkind INTEGER NOT NULL,\n"
	"\tlabel TEXT NOT NULL,\n"
	"\tpreferred INTEGER NOT NULL,\n"
	"\tvalue TEXT NOT NULL,\n"
	"\tfold TEXT,\n"
	"\tsame INTEGER,\n"
	"\tPRIMARY KEY (contact, entry, seq)\n"
	") WITHOUT ROWID;\n"
	/* version 2 did not keep which one is preferred; of organisations it can be told */
	"INSERT INTO field_3 SELECT contact, 0, seq, kind, label, kind = 10 AND value = "
	"(SELECT org FROM contact WHERE row = contact), value, iif(kind = 20, fold, NULL), NULL "
	"FROM field;\n"
	"DROP TABLE field;\n"
	"ALTER TABLE field_3 RENAME TO field;\n"
	"CREATE INDEX field_email ON field (fold) WHERE fold IS NOT NULL;\n"
	"CREATE INDEX field_same ON field (same, entry) WHERE same IS NOT NULL;\n"
	/* filled again by what is worked out after the last step */
	"DROP TABLE search;\n"
	"CREATE TABLE search (\n"
	"\tcontact INTEGER PRIMARY KEY REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tname TEXT NOT NULL,\n"
	"\ttext TEXT NOT NULL\n"
	");\n"
	"CREATE VIRTUAL TABLE words USING fts5 (name, text, content = 'search', "
	"content_rowid = 'contact', tokenize = 'unicode61 remove_diacritics 0');\n"
	"ALTER TABLE mine_card ADD COLUMN variant INTEGER NOT NULL DEFAULT 0;\n";

/* C promises literals of 4095 bytes; both compilers take any, and a step is one text */
#pragma GCC diagnostic ignored "-Woverlength-strings"

static const char version_4[] =
	"CREATE TABLE my_card (\n"
	"\tcard BLOB PRIMARY KEY CHECK (length(card) = 8),\n"
	"\tname TEXT NOT NULL,\n"
	"\tfold TEXT NOT NULL,\n"
	"\tshows TEXT NOT NULL,\n"
	"\theld INTEGER NOT NULL REFERENCES mine_card (rev),\n"
	"\tgone INTEGER NOT NULL DEFAULT 0\n"
	") WITHOUT ROWID;\n"
	"CREATE UNIQUE INDEX my_card_fold ON my_card (fold) WHERE gone = 0;\n"
	"INSERT INTO my_card SELECT card, 'me', 'me', '', rev, 0 FROM mine_card "
	"WHERE rev = (SELECT held FROM mine);\n"
	"CREATE TABLE takeback (\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\tat INTEGER NOT NULL,\n"
	"\tsent_at INTEGER,\n"
	"\tanswer INTEGER NOT NULL DEFAULT 0,\n"
	"\tanswered_at INTEGER,\n"
	"\tPRIMARY KEY (contact, card)\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE letgo (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\tat INTEGER NOT NULL,\n"
	"\tupto INTEGER NOT NULL,\n"
	"\tanswer INTEGER NOT NULL DEFAULT 0,\n"
	"\tanswered_at INTEGER,\n"
	"\tsent INTEGER NOT NULL DEFAULT 0,\n"
	"\tUNIQUE (contact, card)\n"
	");\n"
	"ALTER TABLE mine ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE contact ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE contact ADD COLUMN frozen INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE contact ADD COLUMN frozen_at INTEGER;\n"
	"ALTER TABLE contact ADD COLUMN settled INTEGER NOT NULL DEFAULT 1;\n"
	"ALTER TABLE contact ADD COLUMN anchored INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE contact ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE contact ADD COLUMN rotated_xk BLOB;\n"
	"ALTER TABLE contact ADD COLUMN acknowledged INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE contact ADD COLUMN given BLOB;\n"
	"ALTER TABLE contact ADD COLUMN told_card BLOB;\n"
	"ALTER TABLE contact ADD COLUMN told_rev INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE contact ADD COLUMN told_at INTEGER;\n"
	"ALTER TABLE contact ADD COLUMN told_foreign INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE contact ADD COLUMN told_agreed INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE contact ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE contact ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;\n"
	"UPDATE contact SET seen = coalesce((SELECT max(row) FROM met "
	"WHERE met.contact = contact.row), 0);\n"
	"CREATE INDEX contact_seen ON contact (seen) WHERE ik IS NOT NULL;\n"
	"ALTER TABLE met ADD COLUMN assumed INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE met ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;\n"
	"ALTER TABLE met ADD COLUMN was_given BLOB;\n"
	"ALTER TABLE met ADD COLUMN was_frozen INTEGER;\n"
	"ALTER TABLE met ADD COLUMN was_frozen_at INTEGER;\n"
	"ALTER TABLE met ADD COLUMN was_settled INTEGER;\n"
	"ALTER TABLE met ADD COLUMN was_anchored INTEGER;\n"
	"ALTER TABLE met ADD COLUMN was_seq INTEGER;\n"
	"ALTER TABLE receipt ADD COLUMN event TEXT NOT NULL DEFAULT '';\n"
	"ALTER TABLE receipt ADD COLUMN network TEXT NOT NULL DEFAULT '';\n"
	"UPDATE receipt SET event = coalesce((SELECT event FROM met "
	"WHERE met.session = receipt.session), ''), network = coalesce((SELECT network FROM met "
	"WHERE met.session = receipt.session), '');\n"
	"UPDATE contact SET given = coalesce((SELECT card FROM debt WHERE contact = contact.row "
	"ORDER BY rev DESC LIMIT 1), (SELECT card FROM receipt WHERE contact = contact.row "
	"ORDER BY rev DESC LIMIT 1));\n"
	"CREATE TABLE former_key (\n"
	"\trow INTEGER PRIMARY KEY,\n"
	"\tik BLOB NOT NULL UNIQUE CHECK (length(ik) = 32),\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tuuid BLOB NOT NULL CHECK (length(uuid) = 16),\n"
	"\tleft_at INTEGER NOT NULL,\n"
	"\treplaced INTEGER NOT NULL\n"
	");\n"
	"CREATE INDEX former_key_contact ON former_key (contact);\n"
	"CREATE INDEX former_key_uuid ON former_key (uuid);\n"
	"CREATE TABLE statement (\n"
	"\trow INTEGER PRIMARY KEY,\n"
	"\thash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),\n"
	"\tkind INTEGER NOT NULL,\n"
	"\tcontact INTEGER REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tik BLOB NOT NULL CHECK (length(ik) = 32),\n"
	"\tseq INTEGER NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tbytes BLOB NOT NULL\n"
	");\n"
	"CREATE INDEX statement_ik ON statement (ik);\n"
	"CREATE INDEX statement_contact ON statement (contact);\n"
	"CREATE TABLE sent (\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tstatement INTEGER NOT NULL REFERENCES statement (row) ON DELETE CASCADE,\n"
	"\tPRIMARY KEY (contact, statement)\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE news (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tkind INTEGER NOT NULL,\n"
	"\tcontact INTEGER REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\told INTEGER,\n"
	"\tnew INTEGER,\n"
	"\tnumber INTEGER NOT NULL DEFAULT 0,\n"
	"\ttext TEXT NOT NULL DEFAULT ''\n"
	");\n"
	"CREATE INDEX news_contact ON news (contact);\n"
	"CREATE TABLE news_read (one INTEGER PRIMARY KEY CHECK (one = 1), upto INTEGER NOT NULL);\n"
	"CREATE TABLE introduction (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tid BLOB NOT NULL UNIQUE CHECK (length(id) = 16),\n"
	"\tik BLOB NOT NULL CHECK (length(ik) = 32),\n"
	"\twords TEXT NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tclosed INTEGER NOT NULL DEFAULT 0\n"
	");\n"
	"CREATE TABLE introduction_side (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tintroduction INTEGER NOT NULL REFERENCES introduction (row) ON DELETE CASCADE,\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tik BLOB NOT NULL CHECK (length(ik) = 32),\n"
	"\tsalt BLOB NOT NULL CHECK (length(salt) = 32),\n"
	"\tstage INTEGER NOT NULL DEFAULT 0,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tlater INTEGER NOT NULL DEFAULT 0,\n"
	"\tgranted BLOB,\n"
	"\tenvelope BLOB,\n"
	"\tUNIQUE (introduction, contact)\n"
	");\n"
	"CREATE INDEX introduction_side_contact ON introduction_side (contact);\n"
	"CREATE TABLE proposal (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tik BLOB NOT NULL CHECK (length(ik) = 32),\n"
	"\tid BLOB NOT NULL CHECK (length(id) = 16),\n"
	"\taud BLOB NOT NULL CHECK (length(aud) = 32),\n"
	"\twords TEXT NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tstage INTEGER NOT NULL DEFAULT 0,\n"
	"\tlater INTEGER NOT NULL DEFAULT 0,\n"
	"\tcard BLOB,\n"
	"\tanswered_at INTEGER,\n"
	"\tUNIQUE (contact, id)\n"
	");\n"
	"CREATE TABLE introduced (\n"
	"\trow INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tintroducer INTEGER REFERENCES contact (row) ON DELETE SET NULL,\n"
	"\twords TEXT NOT NULL,\n"
	"\thow INTEGER NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tintro BLOB NOT NULL UNIQUE,\n"
	"\tgranted BLOB NOT NULL,\n"
	"\talike INTEGER\n"
	");\n"
	"CREATE INDEX introduced_contact ON introduced (contact);\n"
	"CREATE INDEX introduced_introducer ON introduced (introducer);\n"
	"CREATE TABLE intro_refused (\n"
	"\tcontact INTEGER PRIMARY KEY REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tn INTEGER NOT NULL,\n"
	"\tat INTEGER NOT NULL\n"
	");\n"
	/* numbers are compared among the cards of one key */
	"CREATE TABLE card_4 (\n"
	"\trow INTEGER PRIMARY KEY,\n"
	"\tcontact INTEGER NOT NULL REFERENCES contact (row) ON DELETE CASCADE,\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\tvariant INTEGER NOT NULL,\n"
	"\trev INTEGER NOT NULL,\n"
	"\txk BLOB NOT NULL CHECK (length(xk) = 32),\n"
	"\thash BLOB NOT NULL CHECK (length(hash) = 32),\n"
	"\tlive INTEGER NOT NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\theld INTEGER NOT NULL DEFAULT 0,\n"
	"\tenvelope BLOB NOT NULL,\n"
	"\tUNIQUE (contact, card, variant, xk, rev)\n"
	");\n"
	"INSERT INTO card_4 SELECT row, contact, card, variant, rev, xk, hash, live, at, held, "
	"envelope FROM card;\n"
	"DROP TABLE card;\n"
	"ALTER TABLE card_4 RENAME TO card;\n"
	"CREATE UNIQUE INDEX card_held ON card (contact) WHERE held;\n"
	"CREATE TABLE mine_returned (\n"
	"\thash BLOB PRIMARY KEY CHECK (length(hash) = 32),\n"
	"\trev INTEGER NOT NULL,\n"
	"\tcard BLOB NOT NULL CHECK (length(card) = 8),\n"
	"\tenvelope BLOB NOT NULL,\n"
	"\tcontact INTEGER REFERENCES contact (row) ON DELETE SET NULL,\n"
	"\tat INTEGER NOT NULL,\n"
	"\tsettled INTEGER NOT NULL DEFAULT 0\n"
	") WITHOUT ROWID;\n"
	"CREATE INDEX mine_returned_contact ON mine_returned (contact);\n"
	"CREATE TABLE setting (\n"
	"\tname TEXT PRIMARY KEY,\n"
	"\tvalue INTEGER NOT NULL\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE network (\n"
	"\tid TEXT PRIMARY KEY,\n"
	"\tat INTEGER NOT NULL\n"
	") WITHOUT ROWID;\n"
	/* of the others it was not kept which gateway they had */
	"INSERT INTO network SELECT 'subnet ' || network, min(at) FROM met WHERE network <> '' "
	"GROUP BY network;\n";

/* What stood in the tables of then. */
static const char people[] =
	"INSERT INTO mine_card VALUES (1, x'0101010101010101', x'c0'), "
	"(2, x'0101010101010101', x'c1');"
	"INSERT INTO mine VALUES (1, 3, x'80', 2);"
	"INSERT INTO contact VALUES "
	"(1, %s, 11, 1, 1, zeroblob(32), 'Gr\xc3\xa1"
	"ce', 'grace', 'Navy', 7, 1, 1, 31, "
	"'Caf\xc3\xa9', 2),"
	"(2, %s, 12, 0, 0, zeroblob(32), 'Alan', 'alan', '', 0, 1, 0, 32, 'Pub', 1),"
	"(4, %s, 13, 0, 1, zeroblob(32), 'Barbara', 'barbara', 'MIT', 1, 1, 0, NULL, NULL, NULL),"
	"(9, zeroblob(32), 1, 0, 0, NULL, 'Gone', 'gone', '', 0, 0, 0, NULL, NULL, NULL);"
	"INSERT INTO search VALUES (1, 'grace'), (2, 'alan'), (4, 'barbara'), (9, 'gone');"
	"DELETE FROM search WHERE contact = 9;"
	"DELETE FROM contact WHERE row = 9;"
	"INSERT INTO card VALUES "
	"(1, 1, zeroblob(8), 0, 6, zeroblob(32), zeroblob(32), 1, 41, 0, x'e6'),"
	"(2, 1, zeroblob(8), 0, 7, zeroblob(32), zeroblob(32), 1, 42, 1, x'e7'),"
	"(3, 4, zeroblob(8), 0, 1, zeroblob(32), zeroblob(32), 0, 43, 1, x'e1');"
	"INSERT INTO field VALUES "
	"(1, 0, 1, '', 'Gr\xc3\xa1"
	"ce', 'grace'), (1, 1, 10, '', 'Univac', 'univac'), "
	"(1, 2, 10, '', 'Navy', 'navy'), (1, 3, 20, 'work', 'Grace@Example.org', "
	"'grace@example.org'), (1, 4, 21, '', '+1 202 555 0143', '+1 202 555 0143'),"
	"(4, 0, 1, '', 'Barbara', 'barbara'), (4, 1, 10, '', 'MIT', 'mit');"
	"INSERT INTO met VALUES "
	"(1, randomblob(32), 1, zeroblob(32), 'grace', 'CAFE', 'eth0', 30, 1, 2, 2),"
	"(2, randomblob(32), 1, zeroblob(32), 'grace', 'Caf\xc3\xa9', 'eth0', 31, 1, 3, 2),"
	"(3, randomblob(32), 2, zeroblob(32), 'Alan', 'Pub', '', 32, 1, 1, NULL);"
	"INSERT INTO debt SELECT session, 2, zeroblob(8), 2 FROM met WHERE row = 3;"
	"INSERT INTO receipt SELECT session, zeroblob(32), 1, zeroblob(64), zeroblob(8), 2, 50 "
	"FROM met WHERE row = 2;";

/* The key of a person as SQL writes it. */
static void key_text(uint8_t seed, char out[static 68])
{
	uint8_t ik[32];
	uint8_t xk[32];

	world_keys(seed, ik, xk);
	out += snprintf(out, 3, "x'");
	for (int i = 0; i < 32; i++)
		out += snprintf(out, 3, "%02x", ik[i]);
	(void)snprintf(out, 2, "'");
}

/* A function that the statements of version 3 call. */
static void uuid_of_key(sqlite3_context *context, int n, sqlite3_value **values)
{
	char text[KITH_UID_CHARS + 1];
	uint8_t uuid[KITH_UID_BYTES];
	size_t at = 0;

	assert_int_equal(n, 1);
	kith_uid_text(sqlite3_value_blob(values[0]), text);
	for (const char *c = text; *c; c += *c == '-' ? 1 : 2)
		if (*c != '-')
			assert_int_equal(sscanf(c, "%2hhx", &uuid[at++]), 1);
	sqlite3_result_blob(context, uuid, sizeof uuid, SQLITE_TRANSIENT);
}

static void run(sqlite3 *db, const char *sql)
{
	char *said = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s: %s", sql, said);
}

void former_make(const char *home, int version)
{
	char key[3][68];
	char rows[4096];
	sqlite3 *db;

	for (uint8_t i = 0; i < 3; i++)
		key_text((uint8_t)(2 + i), key[i]);
	assert_in_range(
		snprintf(rows, sizeof rows, people, key[0], key[1], key[2]), 1, sizeof rows - 1);
	assert_int_equal(sqlite3_open(world_path(home, "kith.db"), &db), SQLITE_OK);
	run(db, "PRAGMA journal_mode = WAL; PRAGMA application_id = 0x4B495448");
	run(db, version_1);
	if (version > 1)
		run(db, version_2);
	run(db, rows);
	run(db, version > 1 ? "INSERT INTO failed VALUES (5, zeroblob(16), 77);"
			      "PRAGMA user_version = 2"
			    : "PRAGMA user_version = 1");
	if (version > 2) {
		assert_int_equal(sqlite3_create_function(db, "uuid_of_key", 1, SQLITE_UTF8, NULL,
					 uuid_of_key, NULL, NULL),
			SQLITE_OK);
		run(db, version_3);
		run(db, "PRAGMA user_version = 3");
	}
	if (version > 3) {
		run(db, version_4);
		run(db, "PRAGMA user_version = 4");
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(chmod(world_path(home, "kith.db"), 0600), 0);
}

static void expect_person(struct kith_store *store, uint8_t seed, int64_t row, const char *name)
{
	struct kith_contact c = {0};
	char uid[KITH_UID_CHARS + 1];
	uint8_t ik[32];
	uint8_t xk[32];

	world_keys(seed, ik, xk);
	kith_uid_text(ik, uid);
	assert_ok(kith_store_contact_of(store, ik, &c));
	assert_int_equal(c.row, row);
	assert_true(c.has_key);
	assert_string_equal(c.uid, uid);
	assert_int_equal(c.entries, 0);
	assert_true(kith_span_eq(c.name, kith_span_str(name)));
	kith_contact_free(&c);
}

/* Where they were met became events, by the name that was written first; nothing else is remembered of anybody. */
static void expect_remembered(const char *home)
{
	assert_int_equal(
		world_number(home,
			"SELECT count(*) * 1000 + sum(began * 10 + ended) FROM event WHERE "
			"started IS NULL AND ((name = 'CAFE' AND fold = 'cafe' AND (SELECT "
			"count(*) FROM met WHERE happening = event.row AND contact = 1) = 2) OR "
			"(name = 'Pub' AND (SELECT count(*) FROM met WHERE happening = event.row "
			"AND contact = 2) = 1))"),
		2000 + 300 + 31 + 320 + 32);
	assert_int_equal(world_number(home, "SELECT count(*) FROM event"), 2);
	assert_int_equal(world_number(home, "SELECT count(*) * 1000 + sum(place * room * rhythm) "
					    "FROM ring WHERE name = fold"),
		3000 + 15 * 28 + 2 * 40 * 84 + 3 * 150 * 365);
	assert_int_equal(world_number(home, "SELECT count(*) * 1000 + sum(touched) FROM contact "
					    "WHERE review = 0 AND ring IS NULL AND handed = 0"),
		4000 + 31 + 32);
}

void former_check(const char *home)
{
	struct kith_store *store = world_open(home, KITH_STORE_USE);
	struct kith_contact c = {0};
	char text[512] = "";
	struct kith_mine mine = {0};

	expect_person(store, 2, 1,
		"Gr\xc3\xa1"
		"ce");
	expect_person(store, 3, 2, "Alan");
	expect_person(store, 4, 4, "Barbara");
	assert_ok(kith_store_contact(store, 1, &c));
	assert_true(c.conflict && c.delivered && c.gives);
	assert_int_equal(c.state * 10000 + (int)c.rev * 100 + c.met_how * 10, 10720);
	assert_int_equal(c.added * 100 + c.met_at, 1131);
	assert_true(kith_span_eq(c.org, kith_span_str("Navy"))); /* the preferred one */
	assert_true(kith_span_eq(c.envelope, kith_span("\xe7", 1)));
	kith_contact_free(&c);
	assert_ok(kith_store_find(store, kith_span_str("univac"), world_names, text));
	assert_ok(kith_store_find(store, kith_span_str("cafe"), world_names, text));
	assert_ok(kith_store_find(store, kith_span_str("2025550143"), world_names, text));
	assert_ok(kith_store_who(store, kith_span_str("grace@example.ORG"), world_names, text));
	assert_ok(kith_store_find(store, kith_span_str("pub"), world_names, text));
	assert_string_equal(text, "Gr\xc3\xa1"
				  "ce|Gr\xc3\xa1"
				  "ce|Gr\xc3\xa1"
				  "ce|Gr\xc3\xa1"
				  "ce|Alan");
	assert_ok(kith_store_mine(store, &mine));
	assert_int_equal(mine.rev * 10 + mine.held, 32);
	kith_mine_free(&mine);
	/* the number of who was forgotten stays his */
	assert_ok(world_import(store, 5, 1, 1, "name=New", NULL));
	expect_person(store, 5, 10, "New");
	kith_store_close(store);
	assert_int_equal(
		world_number(home,
			"SELECT (SELECT count(*) FROM contact) * 10000 + "
			"(SELECT count(*) FROM met) * 1000 + (SELECT count(*) FROM receipt) * 100 + "
			"(SELECT count(*) FROM debt) * 10 + (SELECT count(*) FROM card)"),
		43114);
	/* who was given what, by what is owed, else by the last receipt; who was met last */
	assert_int_equal(
		world_number(home, "SELECT count(*) FROM contact WHERE given = zeroblob(8) AND "
				   "told_card IS NULL AND row IN (1, 2)"),
		2);
	assert_int_equal(world_number(home, "SELECT given IS NULL FROM contact WHERE row = 4"), 1);
	assert_int_equal(
		world_number(home, "SELECT group_concat(seen, '') FROM "
				   "(SELECT seen FROM contact WHERE row < 10 ORDER BY row)"),
		230);
	assert_int_equal(world_number(home, "SELECT event = 'Caf\xc3\xa9' FROM receipt"), 1);
	assert_int_equal(world_number(home, "SELECT count(*) * 10 + (name = 'me') FROM my_card "
					    "WHERE held = 2 AND card = x'0101010101010101'"),
		11);
	assert_int_equal(world_number(home, "PRAGMA user_version"), 5);
	expect_remembered(home);
	world_sound(home);
}
