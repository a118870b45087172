/* SPDX-License-Identifier: MIT
 *
 * store.h - what a person's kith remembers: one SQLite file in the home folder.
 * UNSTABLE until 1.0.  Source: proto/store.md, proto/session.md "Durable".
 *
 * The store keeps signed bytes as they are, and columns to find them by.  It does NOT verify:
 * cards handed in must have come out of kith_card_verify.  Several processes may use one store at
 * once; a struct kith_store belongs to one thread.  Every writing function is one transaction:
 * done and durable when it returns KITH_OK, not begun otherwise.
 *
 * Errors that every function can return, called "store errors" below: KITH_ERR_STORE_LOCKED
 * (another process held it longer than STORE_BUSY_MS), KITH_ERR_STORE_READONLY,
 * KITH_ERR_STORE_FULL, KITH_ERR_STORE_CORRUPT, KITH_ERR_STORE, KITH_ERR_NOMEM.  The sentence about
 * the last one is kith_store_why.
 */
#ifndef KITH_STORE_H
#define KITH_STORE_H

#include <kith/card.h>

struct kith_store;

enum kith_store_mode {
	KITH_STORE_WRITE, /* read and write; made when missing, its folder must exist */
	KITH_STORE_USE, /* read and write; KITH_ERR_MISSING when there is none: it may have been lost */
	KITH_STORE_READ, /* read only; KITH_ERR_MISSING when there is none; works on read-only media */
};

/*
 * Opens `home`/kith.db, and brings an older schema up to date (not KITH_STORE_READ; for a reader an
 * older one is KITH_ERR_STORE).  Several processes may open, and make, the same store at once.
 * What is refused is left untouched.
 * Errors: store errors (KITH_ERR_STORE also for another program's database), KITH_ERR_STORE_NEWER (a
 * newer kith wrote it), KITH_ERR_PERMISSION (folder or file open to others, somebody else's, or not
 * a regular file), KITH_ERR_MISSING (no store, or for KITH_STORE_WRITE no folder).
 *
 * A store that is deleted or replaced while it is open is not written to (KITH_ERR_STORE).  Once one
 * stands under the name again, the next change or kith_store_changed opens that.
 */
enum kith_err kith_store_open(const char *home, enum kith_store_mode mode, struct kith_store **ret,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Sets *ret_any, which outlives the store, with every transaction of this one that is kept and changed anything. */
void kith_store_tell_changes(struct kith_store *store, bool *ret_any);

/* NULL allowed. */
void kith_store_close(struct kith_store *store);

/* One sentence about the last store error; valid until the next call. */
const char *kith_store_why(const struct kith_store *store);

/* True when another process has written since the last call (PRAGMA data_version), or another file
 * has taken the store's place. */
bool kith_store_changed(struct kith_store *store);

/* --- mine ------------------------------------------------------------------------------------ */

/* My profile and my cards.  One card, named "me", exists from `kith init` on. */
struct kith_mine {
	struct kith_buf profile;  /* my fields, as kith_fields_pack writes them */
	struct kith_buf envelope; /* the signed card */
	uint8_t card[8];          /* its card id */
	uint64_t rev;             /* the highest number ever signed with my key */
	uint64_t held;            /* the number of that envelope, at most rev */
};

/* Frees the buffers; {0} allowed. */
void kith_mine_free(struct kith_mine *mine);

/* Reads it.  KITH_ERR_MISSING: none yet; store errors. */
enum kith_err kith_store_mine(struct kith_store *store, struct kith_mine *ret_mine) KITH_MUST_CHECK;

/*
 * Writes profile, envelope and counter, if the counter in the store still is had_rev (0: nothing
 * there yet).  card is the envelope decoded; its rev may lie below mine->rev, when a number was spent
 * on a pocket card.  mine->card and mine->held are not looked at.
 * KITH_ERR_BUSY: the counter is another, read again and do it over; KITH_ERR_ROLLBACK: mine->rev does
 * not go up, or is below card->rev; KITH_ERR_CONFLICT: another card of mine has that number; store
 * errors.
 */
enum kith_err kith_store_mine_put(struct kith_store *store, uint64_t had_rev,
	const struct kith_mine *mine, const struct kith_card *card) KITH_MUST_CHECK;

/*
 * The pocket card (proto/card.md, variant 1) of that card of mine that was signed last, appended to out;
 * KITH_ERR_MISSING: none.  And keeps a new one, which has spent the number card->rev: errors as of kith_store_mine_put.
 */
enum kith_err kith_store_pocket(struct kith_store *store, const uint8_t card[static 8],
	struct kith_buf *out) KITH_MUST_CHECK;
enum kith_err kith_store_pocket_put(struct kith_store *store, uint64_t had_rev,
	const struct kith_card *card, struct kith_span envelope) KITH_MUST_CHECK;

/* --- people ---------------------------------------------------------------------------------- */

enum kith_contact_state {
	KITH_CONTACT_PENDING = 0,    /* I said yes and hold no card of theirs */
	KITH_CONTACT_COMPLETE = 1,   /* I hold their card */
	KITH_CONTACT_INTRODUCED = 2, /* I hold their card by an introduction, and never met them */
	KITH_CONTACT_FROZEN = 3,     /* their key is in doubt, and nothing is exchanged */
	KITH_CONTACT_TYPED = 4,      /* no key: typed in or imported, nothing is signed */
};

/* How somebody is known; a greater number is stronger. */
enum kith_how {
	KITH_HOW_TYPED = -1,     /* typed in or imported, without a key; never that of a meeting */
	KITH_HOW_FILE = 0,       /* from a file, not compared */
	KITH_HOW_UNATTENDED = 1, /* swapped, a side did not compare */
	KITH_HOW_COMPARED = 2,   /* both compared a code, or one compared and one scanned */
	KITH_HOW_SCANNED = 3,    /* both scanned */
};

/* "typed", "file", "unattended", "compared", "scanned"; "complete" and so on; static. */
const char *kith_how_name(enum kith_how how);
const char *kith_contact_state_name(enum kith_contact_state state);

/* A person as listed.  Spans are valid until the callback returns (or, from kith_store_contact,
 * until kith_contact_free). */
struct kith_contact {
	int64_t row;                /* of this store */
	bool has_key;               /* false: an entry is all there is, and ik is zero */
	uint8_t ik[KITH_KEY_BYTES]; /* who it is */
	char uid[KITH_UID_CHARS +
		 1];    /* the UUID: of the key (kith_uid_text), or without one of the entry */
	size_t entries; /* how many there are: kith_store_entries */
	bool imported; /* without a key: the first entry came from a file or folder, else typed in */
	struct kith_span name; /* from the card, else the label of a meeting, else an entry */
	struct kith_span
		org; /* first organisation, of the card, else of an entry; n == 0 for none */
	enum kith_contact_state state;
	uint64_t rev; /* of the card held; 0 without one */
	bool gives;   /* they give a card at all */
	bool delivered; /* they have said, or signed, that they hold a card of mine, and none is owed */
	bool conflict;              /* two different cards with one revision were seen */
	bool blocked;               /* not to be heard: kith/known.h */
	int frozen;                 /* enum kith_frozen of kith/keys.h; 0: not */
	bool let_go;                /* pending, since I let go of their card: kith/cards.h */
	bool faded;                 /* let go in a review: kith/people.h */
	int64_t added;              /* Unix seconds */
	int64_t met_at;             /* last meeting, Unix seconds; 0 for none */
	struct kith_span met_event; /* where that was; n == 0 for none */
	enum kith_how met_how;      /* and how */
	struct kith_span given;     /* the name of the card they are given; n == 0: none */
	struct kith_span
		introducer; /* of somebody introduced, and not met: who did; n == 0: forgotten */
	struct kith_span envelope; /* the card held; only from kith_store_contact */
	void *memory;              /* kith_contact_free */
};

void kith_contact_free(struct kith_contact *contact);

/* Called for each row; return false to stop.  It may read from the same store, except with the
 * function that is calling it (KITH_ERR_INTERNAL), and must not write to it. */
typedef bool (*kith_contact_fn)(void *ctx, const struct kith_contact *contact);

/* Everybody, by folded name, then row.  Store errors. */
enum kith_err kith_store_each(
	struct kith_store *store, kith_contact_fn fn, void *ctx) KITH_MUST_CHECK;

/* The same, but only who has a key.  Store errors. */
enum kith_err kith_store_each_keyed(
	struct kith_store *store, kith_contact_fn fn, void *ctx) KITH_MUST_CHECK;

/*
 * Who has every word of text at the beginning of a word (case and accents ignored) somewhere in what is
 * known of them: fields of the card held, entries with all their text, events where you met.  The best match first.
 * When nobody has, who has them anywhere inside, as in scripts without blanks; by folded name.  KITH_ERR_LIMIT: they stand in more than
 * QUERY_HITS places; store errors.
 */
enum kith_err kith_store_find(struct kith_store *store, struct kith_span text, kith_contact_fn fn,
	void *ctx) KITH_MUST_CHECK;

/*
 * Whom a person means by WHO: an exact name, else an e-mail address, else the beginning of an id (of a key, or of a
 * UUID, an earlier one too) of at least 4 characters, else the beginning of a name or of a word in it; case and accents ignored.  The first
 * kind with a match counts; all its matches are handed to fn.
 * KITH_ERR_NOPERSON: nobody; KITH_ERR_AMBIGUOUS: more than one (all were handed over, unless fn said
 * stop); store errors.
 */
enum kith_err kith_store_who(struct kith_store *store, struct kith_span who, kith_contact_fn fn,
	void *ctx) KITH_MUST_CHECK;

/*
 * The WHO by which a command can be told of this person alone, in ASCII letters, digits, blanks, "." and "-": the first word
 * of the name, folded, where it means nobody else, else the whole name, where it is short and nobody else has it, else as
 * much of the id as it takes.  KITH_ERR_NOPERSON; store errors.
 */
enum kith_err kith_store_who_of(
	struct kith_store *store, int64_t row, char out[static KITH_ID_CHARS + 1]) KITH_MUST_CHECK;

/* One person, whole, with the envelope.  By key it is who has it, or had it before: ret_contact->ik, the one they have now,
 * is then another.  KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_contact(
	struct kith_store *store, int64_t row, struct kith_contact *ret_contact) KITH_MUST_CHECK;
enum kith_err kith_store_contact_of(struct kith_store *store,
	const uint8_t ik[static KITH_KEY_BYTES], struct kith_contact *ret_contact) KITH_MUST_CHECK;

/* One meeting. */
struct kith_met {
	int64_t at;               /* Unix seconds by my clock */
	struct kith_span event;   /* its name; n == 0 for none */
	struct kith_span network; /* "eth0 192.0.2.0/24"; n == 0 when unknown */
	enum kith_how how;        /* the weaker of both sides; mine while theirs is unknown */
	bool both;                /* their confirmation came */
};

typedef bool (*kith_met_fn)(void *ctx, const struct kith_met *met);

/* The meetings with a person, oldest first.  Store errors. */
enum kith_err kith_store_met(
	struct kith_store *store, int64_t row, kith_met_fn fn, void *ctx) KITH_MUST_CHECK;

/*
 * Two people have compared the fingerprint side by side, or one has scanned it, without a swap: a meeting of that kind.
 * Repeating it within the same second changes nothing.  KITH_ERR_NOPERSON (nobody, or somebody without
 * a key); KITH_ERR_VALUE (how is neither COMPARED nor SCANNED); store errors.
 */
enum kith_err kith_store_compared(struct kith_store *store, int64_t row, enum kith_how how,
	struct kith_span event, int64_t now) KITH_MUST_CHECK;

/* Removes a person with everything about them, from the file's free space too.  The row number is
 * never given to somebody else.  KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_forget(struct kith_store *store, int64_t row) KITH_MUST_CHECK;

/* --- entries ---------------------------------------------------------------------------------
 *
 * What I typed in or imported about somebody: an unsigned vCard, kept byte for byte.  A person without a key consists of
 * one or more entries; beside a signed card stands at most what I wrote or joined myself.  The store does not
 * read vCards: who puts an entry says what is in it. */

struct kith_entry {
	int64_t row;            /* of this store; 0: not in it yet */
	int64_t contact;        /* whose it is */
	bool joined;            /* came to this person by kith_store_join */
	bool imported;          /* from a file or folder, else typed in */
	int64_t at;             /* put last, Unix seconds */
	struct kith_span uid;   /* UID of the vCard; unique among entries, not empty */
	struct kith_span vcard; /* BEGIN to END, at most ENTRY_MAX */
};

/* What is in an entry, for listing and finding. */
struct kith_entry_content {
	const struct kith_fields *fields; /* in order; of any size */
	struct kith_span words;           /* further text for find; n == 0 for none */
};

/*
 * Puts an entry: a new one (row 0) for that person (contact), or for a new person (contact 0, whose number it
 * then gets); else the one that was there is replaced.  row and contact are filled in.  Inside
 * kith_store_batch it is part of the batch.
 * KITH_ERR_EXISTS: the UID is another entry's; KITH_ERR_VALUE: it is empty; KITH_ERR_LIMIT;
 * KITH_ERR_NOPERSON; KITH_ERR_MISSING (no such entry); store errors.
 */
enum kith_err kith_store_entry_put(struct kith_store *store, struct kith_entry *entry,
	const struct kith_entry_content *content, int64_t now) KITH_MUST_CHECK;

/* Removes it; a person without a key goes with the last one.  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_entry_remove(struct kith_store *store, int64_t row) KITH_MUST_CHECK;

typedef bool (*kith_entry_fn)(void *ctx, const struct kith_entry *entry);

/* The entries of a person, own ones before joined ones, in the order they came.  Spans are valid until fn
 * returns.  Store errors. */
enum kith_err kith_store_entries(
	struct kith_store *store, int64_t contact, kith_entry_fn fn, void *ctx) KITH_MUST_CHECK;

/* How an entry that is to come stands to what is there. */
enum kith_match {
	KITH_MATCH_NONE, /* nobody like that */
	KITH_MATCH_UID,  /* that entry has the UID */
	KITH_MATCH_SIGNED, /* the UID is of that person's key: kith made the vCard from a signed card */
	KITH_MATCH_NAME, /* an entry of the same name, and of the same e-mail address or telephone number */
};

/*
 * Looks for who is meant, by UID, then by name (folded) and one address: an e-mail (folded) or a number (digits, at least six). *ret_contact and, but
 * for KITH_MATCH_SIGNED, *ret_entry say where.  Of several the first.  Store errors.
 */
enum kith_err kith_store_match(struct kith_store *store, struct kith_span uid,
	const struct kith_fields *fields, enum kith_match *ret_match, int64_t *ret_contact,
	int64_t *ret_entry) KITH_MUST_CHECK;

/*
 * Begins a batch, or ends it: what is put between belongs to one transaction, which is durable once
 * kith_store_batch_end(store, true) returned KITH_OK, and forgotten with false.  A batch keeps other writers waiting, so
 * end it after BATCH_MAX entries or a quarter of a second.  Every writing function takes part.  After a store
 * error in it the batch is lost: what follows, and keeping it, returns that error.  Store errors;
 * KITH_ERR_INTERNAL (one in a batch, or none to end).
 */
enum kith_err kith_store_batch(struct kith_store *store) KITH_MUST_CHECK;
enum kith_err kith_store_batch_end(struct kith_store *store, bool keep) KITH_MUST_CHECK;

/* A copy of the store in memory, to try out what would happen; kith_store_close forgets it.  Store errors. */
enum kith_err kith_store_rehearse(
	struct kith_store *store, struct kith_store **ret) KITH_MUST_CHECK;

/*
 * Joins `other`, who has no key, to `person`: his entries become person's, and he is no row of his own any more; earlier
 * ids of his find person, and so is what I remember of him (proto/store.md, "Rules").  kith_store_unjoin gives the entries
 * that were joined to person their own row back, the one they had.  KITH_ERR_NOPERSON; KITH_ERR_VALUE (other has a key, or is person; nothing was joined); store errors.
 */
enum kith_err kith_store_join(
	struct kith_store *store, int64_t person, int64_t other) KITH_MUST_CHECK;
enum kith_err kith_store_unjoin(struct kith_store *store, int64_t person) KITH_MUST_CHECK;

/* --- signed cards from files ------------------------------------------------------------------ */

enum kith_import {
	KITH_IMPORT_NEW,     /* a new person */
	KITH_IMPORT_UPDATED, /* the card held was replaced, or is their first */
	KITH_IMPORT_SAME,    /* these bytes are kept already */
	KITH_IMPORT_BESIDE, /* kept, but the card held stays: another of their cards, or a pocket card */
};

/*
 * Keeps a verified card that came by file: a new person ("from a file, not compared"), or a newer
 * revision for one who is there; the same bytes change nothing.
 * KITH_ERR_ROLLBACK, KITH_ERR_CONFLICT (kept out, and marked once), KITH_ERR_LIMIT as in
 * kith_card_newer; KITH_ERR_STALEKEY: by a key that its owner left, or of somebody who is frozen; store errors.
 */
enum kith_err kith_store_import(struct kith_store *store, const struct kith_card *card,
	struct kith_span envelope, int64_t now, enum kith_import *ret_what) KITH_MUST_CHECK;

/* --- a swap, in the order of proto/session.md "Durable" ------------------------------------- */

/* What is known when I say that the codes are the same.  Spans borrow. */
struct kith_meeting {
	uint8_t session[32];        /* transcript hash; names the meeting */
	uint8_t ik[KITH_KEY_BYTES]; /* theirs */
	uint8_t xk[KITH_KEY_BYTES];
	uint8_t mine[KITH_KEY_BYTES]; /* the key of mine under which it was */
	struct kith_span label;       /* the name they gave */
	struct kith_span event;       /* n == 0 for none */
	struct kith_span network;     /* n == 0 when unknown */
	int64_t at;                   /* Unix seconds */
	enum kith_how how;            /* how I checked */
	bool they_give;               /* they said they give a card */
	bool i_give;                  /* I owe them mine */
	uint8_t card[8];              /* which of my cards */
	uint64_t rev;                 /* and its revision */
};

/* (a) I confirmed: pending row (or the one there is), meeting, debt.  A session that was written
 * already changes nothing; so (a) to (d) may each be repeated.  Somebody who is frozen and was compared is so no more.
 * KITH_ERR_STALEKEY: by a key that was left, or revoked, or frozen and not compared; store errors. */
enum kith_err kith_store_confirm(
	struct kith_store *store, const struct kith_meeting *m) KITH_MUST_CHECK;

/* (b) They confirmed: the weaker of both ways counts; their first word stands.  They have my key of that session, and so
 * need none that I left before.  KITH_ERR_NOPERSON (no such session); store errors. */
enum kith_err kith_store_confirmed(struct kith_store *store, const uint8_t session[static 32],
	enum kith_how theirs) KITH_MUST_CHECK;

/*
 * (c) Their card came in that session and was verified, its ik and xk compared with the session's.
 * It replaces the one held when newer, or when it is another of their cards; the same or an older
 * revision changes nothing and is KITH_OK too.  KITH_ERR_NOPERSON (no such session);
 * KITH_ERR_SUBJECT (not that session's ik and xk after all); KITH_ERR_CONFLICT (first kept, marked,
 * and durable as such); KITH_ERR_LIMIT; store errors.
 */
enum kith_err kith_store_card(struct kith_store *store, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope, int64_t now) KITH_MUST_CHECK;

/* A verified receipt for a card that I gave. */
struct kith_receipt {
	uint8_t session[32];         /* in which session */
	uint8_t envelope_hash[32];   /* of which bytes, kith_card_hash */
	uint8_t sig[KITH_SIG_BYTES]; /* theirs */
	uint8_t card[8];             /* which of my cards */
	uint64_t rev;                /* and its revision */
	int64_t at;                  /* Unix seconds */
};

/* (d) Keeps the receipt and clears what is owed of that card, up to that revision.
 * KITH_ERR_NOPERSON (no such session); store errors. */
enum kith_err kith_store_receipt(
	struct kith_store *store, const struct kith_receipt *r) KITH_MUST_CHECK;

/* The codes differed: the meeting goes, with the pending row and debt that it alone had made.
 * KITH_OK also when there is no such meeting; store errors. */
enum kith_err kith_store_mismatch(
	struct kith_store *store, const uint8_t session[static 32]) KITH_MUST_CHECK;

/* --- failed comparisons ---------------------------------------------------------------------- */

/* One, at so many ms since the start of the machine that boot names (proto/session.md, "Requests that
 * wait"; /proc/sys/kernel/random/boot_id).  The newest FAILURES_MAX stay.  Store errors. */
enum kith_err kith_store_failed(
	struct kith_store *store, const uint8_t boot[static 16], uint64_t at) KITH_MUST_CHECK;

/* Calls fn for each since that start of the machine, oldest first.  Store errors. */
enum kith_err kith_store_each_failed(struct kith_store *store, const uint8_t boot[static 16],
	void (*fn)(void *ctx, uint64_t at), void *ctx) KITH_MUST_CHECK;

#endif
