/* SPDX-License-Identifier: MIT
 *
 * client.h - how a program talks to the node of a home: see who is here, swap.
 * UNSTABLE until 1.0.  Source: proto/control.md.
 *
 * A client uses the node that runs in the background, or starts one that ends with it.  Decisions
 * go in, events come out; nothing blocks.  One thread a client.
 */
#ifndef KITH_CLIENT_H
#define KITH_CLIENT_H

#include <kith/identity.h>

/* Sizes of texts in an event, NUL included; the same as HANDLE_MAX, LABEL_MAX and so on. */
#define KITH_PEER_CHARS 17
#define KITH_NAME_BYTES 129
#define KITH_CODE_CHARS 13
#define KITH_TEXT_BYTES 512

struct kith_client;

/*
 * Gets the passphrase of the home's key, which stays the giver's and is used at once; it may ask a
 * person, and take its time.  Errors: as it likes, with a sentence.
 */
typedef enum kith_err (*kith_passphrase_fn)(
	void *ctx, const struct kith_passphrase **ret, struct kith_diag *diag);

struct kith_client_options {
	const char *home;    /* absolute path of the home folder */
	const char *program; /* the kith program to start a node with; NULL: this very program */
	const char
		*interface; /* for a node that is started: this network interface only; NULL: all */
	kith_passphrase_fn passphrase; /* called by kith_client_open, and only when a node has to
					* be started and the key has one; NULL: none can be had */
	void *ctx;
	bool running; /* only the node that runs already: none is started */
};

/*
 * Connects to the node of the home, or starts one.
 * Errors: KITH_ERR_NODE (none could be started), KITH_ERR_MISSING (`running`, and there is none),
 * KITH_ERR_NOIDENTITY (no such home), KITH_ERR_LIMIT,
 * KITH_ERR_PERMISSION, KITH_ERR_NOMEM, those of options->passphrase.  A node that fails later says
 * so by KITH_EVENT_REFUSED, KITH_ERR_PASSPHRASE among the reasons.
 */
enum kith_err kith_client_open(const struct kith_client_options *options, struct kith_client **ret,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Hangs up; a node that was started for this client ends, and is waited for (a second or two at
 * most).  NULL allowed. */
void kith_client_close(struct kith_client *client);

/* The descriptor to poll for reading; call kith_client_next when it is ready, and then ask for the
 * descriptor again: when a node is found just as it ends, another one is started. */
int kith_client_fd(const struct kith_client *client);

/* What a swap is to be. */
struct kith_swap_options {
	const char *event;       /* where we are; NULL for none */
	const char *card;        /* which of my cards I give; NULL for "me" */
	bool hidden;             /* my name is not shown to the network */
	bool receive_only;       /* I give no card */
	bool unattended;         /* nobody compares here; the records say so for ever */
	bool long_code;          /* all twelve digits */
	struct kith_span invite; /* the bytes of somebody's invitation (proto/uri.md, J), whom it
				  * calls; n is 0 for none */
};

/*
 * Decisions.  peer is the handle of a row.  KITH_OK: it is on its way, and what comes of it is an
 * event.  KITH_ERR_NODE: the node is gone; KITH_ERR_LIMIT, KITH_ERR_UTF8: a text does not fit.
 */
enum kith_err kith_client_swap(
	struct kith_client *client, const struct kith_swap_options *options) KITH_MUST_CHECK;
enum kith_err kith_client_nearby(struct kith_client *client) KITH_MUST_CHECK;
enum kith_err kith_client_pick(struct kith_client *client, const char *peer) KITH_MUST_CHECK;
enum kith_err kith_client_answer(
	struct kith_client *client, const char *peer, bool yes) KITH_MUST_CHECK;
enum kith_err kith_client_compared(
	struct kith_client *client, const char *peer, bool same) KITH_MUST_CHECK;
enum kith_err kith_client_cancel(struct kith_client *client, const char *peer) KITH_MUST_CHECK;

/* Shows the requests that are held back (KITH_EVENT_HELD), until the next failed comparison. */
enum kith_err kith_client_requests(struct kith_client *client) KITH_MUST_CHECK;

/*
 * Asks for the text of the invitation to the swap that runs, this client's or that of another one of
 * the same home: KITH_EVENT_INVITE, now and whenever it changes, until show is false.
 * KITH_EVENT_REFUSED (KITH_ERR_MISSING): there is no swap.
 */
enum kith_err kith_client_invite(struct kith_client *client, bool show) KITH_MUST_CHECK;

/* Asks how the node is: KITH_EVENT_STATE. */
enum kith_err kith_client_status(struct kith_client *client) KITH_MUST_CHECK;

/*
 * Asks to be told what comes: KITH_EVENT_HERE and KITH_EVENT_AWAY of people I know, those who are here
 * first, then KITH_EVENT_STATE, and KITH_EVENT_CHANGED whenever the store has.
 */
enum kith_err kith_client_watch(struct kith_client *client) KITH_MUST_CHECK;

/* Opens the key of a node that is locked, or has it forget the key: KITH_EVENT_STATE, or
 * KITH_EVENT_REFUSED (KITH_ERR_PASSPHRASE: it does not open the key, or the key has none to lock it with). */
enum kith_err kith_client_unlock(
	struct kith_client *client, const struct kith_passphrase *passphrase) KITH_MUST_CHECK;
enum kith_err kith_client_lock(struct kith_client *client) KITH_MUST_CHECK;

/* Where a node recognises the people I know. */
enum kith_where {
	KITH_WHERE_EVERYWHERE = 0,
	KITH_WHERE_KNOWN = 1, /* in networks where I met somebody, or that I marked */
	KITH_WHERE_NEVER = 2,
};

/* "everywhere", "known-networks", "never"; static. */
const char *kith_where_name(enum kith_where where);

/* Sets it, for good (NULL: as it is), and marks the present network as known (here): KITH_EVENT_STATE, or
 * KITH_EVENT_REFUSED. */
enum kith_err kith_client_where(
	struct kith_client *client, const enum kith_where *where, bool here) KITH_MUST_CHECK;

enum kith_client_event_kind {
	KITH_EVENT_READY,   /* visible, name (as others see me), discovery */
	KITH_EVENT_SEEN,    /* peer, name, alike, known (then ik, whom); again when that changed */
	KITH_EVENT_GONE,    /* peer */
	KITH_EVENT_CALLING, /* peer: whose invitation I came with; it is picked already */
	KITH_EVENT_INVITE,  /* text: KITH:1/J/...; empty while nobody could come */
	KITH_EVENT_REQUEST, /* peer, name, alike, gives, attended: kith_client_answer */
	KITH_EVENT_WITHDRAWN,   /* peer: the request is void */
	KITH_EVENT_ASKING,      /* peer: reached, their person is asked */
	KITH_EVENT_UNREACHABLE, /* peer: seen, not reached; stays wanted for a minute */
	KITH_EVENT_CODE,        /* peer, name, alike, code, gives, attended: kith_client_compared;
				 * scanned: it is for their eyes only, nothing is to be answered */
	KITH_EVENT_SWAPPED,     /* peer, ik, delivered */
	KITH_EVENT_FAILED,      /* peer, error, pending */
	KITH_EVENT_HELD,        /* waiting: requests are held back; kith_client_requests */
	KITH_EVENT_NOTICE,      /* text for the person */
	KITH_EVENT_REFUSED,     /* error, text: nothing more will come */
	KITH_EVENT_STATE,       /* how the node is: kith_client_state */
	KITH_EVENT_HERE,        /* ik, whom: somebody I know is here */
	KITH_EVENT_AWAY,        /* ik, whom: and is not any more */
	KITH_EVENT_CHANGED,     /* the store was changed: look for news */
};

/* How a node is. */
struct kith_node_state {
	int64_t pid, since; /* since when it runs, Unix seconds */
	bool background;    /* else it ends with the client that started it */
	bool locked;        /* the key has a passphrase, and was not opened yet */
	bool swaps;         /* a swap runs */
	int discovery;      /* 1 avahi-core, 2 avahi-daemon, 0 none at the moment */
	enum kith_where where;
	bool recognises;       /* here, now */
	bool familiar;         /* every network that counts is one that I know */
	char network[201];     /* where we are; empty for nowhere */
	size_t ties, left_out; /* people it would recognise, and those beyond TIES_MAX */
	char trouble[401];     /* what is wrong, one sentence; empty for nothing */
};

/* An event, by value.  Names come from others: pass them through kith's text functions before any
 * screen. */
struct kith_client_event {
	enum kith_client_event_kind kind;
	char peer[KITH_PEER_CHARS];  /* handle of a row */
	char name[KITH_NAME_BYTES];  /* empty when they do not say */
	char alike[KITH_NAME_BYTES]; /* the name of somebody I know that theirs looks like, or is */
	char whom[KITH_NAME_BYTES];  /* my name for somebody who has proven to be one I know */
	char code[KITH_CODE_CHARS];  /* 6 or 12 digits */
	char text[KITH_TEXT_BYTES];  /* a sentence */
	uint8_t ik[KITH_KEY_BYTES];  /* whose card was kept, or who is known */
	enum kith_err error;
	int discovery; /* 1 avahi-core, 2 avahi-daemon */
	bool visible, gives, attended, scanned, delivered, pending, waiting, known;
};

/*
 * Takes the next event.  KITH_ERR_MISSING: none now; KITH_ERR_NODE: the node has ended;
 * KITH_ERR_PROTOCOL: it says what this client does not understand.
 */
enum kith_err kith_client_next(
	struct kith_client *client, struct kith_client_event *ret_event) KITH_MUST_CHECK;

/* How the node is, by the last KITH_EVENT_STATE; borrowed. */
const struct kith_node_state *kith_client_state(const struct kith_client *client);

#endif
