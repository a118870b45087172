/* SPDX-License-Identifier: MIT
 *
 * swap - the person's side of a swap, or of looking who is here: what was told, what is open, how it
 * ends.  A view (JSON lines, plain lines, screen) shows it and reads the person; the robot answers
 * in a person's place for --unattended.
 */
#ifndef KITH_CLI_SWAP_H
#define KITH_CLI_SWAP_H

#include <kith/client.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "cli/ending.h"

/* Somebody in the list. */
struct kith_swap_row {
	char peer[KITH_PEER_CHARS];
	char name[KITH_NAME_BYTES];  /* theirs; empty when they do not say */
	char alike[KITH_NAME_BYTES]; /* somebody I know whose name theirs looks like, or is */
	bool known;                  /* it has proven to be somebody I know: */
	char whom[KITH_NAME_BYTES];  /* by this name */
	bool here;                   /* announced now */
	bool swapped;                /* I keep their card since this run */
	bool unreachable;            /* seen, not reached */
	bool refused;                /* they said no, or the codes differed */
	unsigned tries;              /* of the robot */
	uint8_t ik[KITH_KEY_BYTES];  /* of who was swapped with */
};

struct kith_swap;

/* How it looks, and where decisions come from. */
struct kith_swap_view {
	bool (*start)(struct kith_swap *s); /* false: this view cannot be used here */
	void (*event)(struct kith_swap *s,
		const struct kith_client_event *ev); /* the state is up to date */
	void (*input)(struct kith_swap *s);          /* standard input is ready */
	void (*stop)(struct kith_swap *s);  /* once, after start; the terminal is as before then */
	void (*batch)(struct kith_swap *s); /* all events that were ready are taken; or NULL */
};

extern const struct kith_swap_view kith_swap_json;
extern const struct kith_swap_view kith_swap_lines;
extern const struct kith_swap_view kith_swap_screen;

struct kith_swap {
	struct kith_cli *cli;
	struct kith_client *client;
	struct kith_store *store; /* kith_swap_contact opens it; NULL before */
	struct kith_swap_options options;
	const struct kith_swap_view *view;
	bool looking;                  /* nearby: nothing can be picked */
	bool robot;                    /* --unattended */
	bool keep;                     /* go on after a swap */
	const char *who;               /* the one to swap with; NULL: anybody */
	bool to;                       /* only whoever invited me (options.invite) */
	char invited[KITH_PEER_CHARS]; /* their row; empty before it is called */
	bool stranger;                 /* and who answered there was somebody else */
	bool inviting;                 /* my own invitation was asked for */
	char invite[KITH_TEXT_BYTES];  /* its text; empty while there is none */
	bool ready;                    /* READY came; visible and me are set */
	bool visible;
	char me[KITH_NAME_BYTES];
	struct kith_swap_row rows[KITH_ROWS_MAX];
	size_t n;
	char picked[KITH_PEER_CHARS];     /* whom I asked; empty for nobody */
	bool asked;                       /* and they are being asked */
	struct kith_client_event request; /* who asks me; peer empty for nobody */
	struct kith_client_event code;    /* what is to be compared; peer empty for nothing */
	bool answered;                    /* "same" was said; waiting for them */
	bool held;                        /* somebody asks, and is held back */
	size_t swapped;                   /* how many */
	enum kith_err last;               /* why the last attempt failed */
	bool input_ended;
	bool late;        /* the time-out ended it */
	bool end;         /* leave the loop */
	void *view_state; /* the view's own */
};

/* The view that fits the options and the terminal. */
const struct kith_swap_view *kith_swap_view_for(const struct kith_swap *s);

/* Reads whose card came from the store, which is opened for the first one: the start does not wait
 * for it.  False when it cannot be read.  End it with kith_contact_free in any case. */
bool kith_swap_contact(struct kith_swap *s, const uint8_t ik[static KITH_KEY_BYTES],
	struct kith_contact *ret_contact);

/* What to do if the person who was compared with just now, of this store, is another one of that name, who has lost
 * a key: a sentence; false when nobody else has it. */
bool kith_swap_namesake(struct kith_swap *s, const struct kith_contact *met, char *out, size_t cap);

/* Runs it to the end: opens the client, loops, closes.  timeout in seconds, negative for none.
 * Returns the exit status of the contract. */
int kith_swap_run(struct kith_swap *s, const char *interface, long timeout);

/* The row with that handle; NULL when there is none. */
struct kith_swap_row *kith_swap_row(struct kith_swap *s, const char *peer);

/* A row that the word means: its handle, or its visible name (case and accents ignored, the beginning
 * of a name will do when nobody else has it); NULL when none or several. */
struct kith_swap_row *kith_swap_find(struct kith_swap *s, const char *word);

/* The name to call a row by: mine for somebody I know, else theirs; borrowed, "" for none. */
const char *kith_swap_called(const struct kith_swap_row *row);

/* "Grace Hopper" as it may be shown, or "someone near"; at most KITH_SHOWN_NAME columns. */
const char *kith_swap_name(const char *name, char out[static 4 * KITH_SHOWN_NAME + 16]);

/* The same inside a sentence: "Grace Hopper" with its quotation marks, or someone near without. */
const char *kith_swap_quoted(const char *name, char out[static 4 * KITH_SHOWN_NAME + 16]);

/* Decisions of the person, for views.  Each is ignored when there is nothing to decide. */
void kith_swap_pick(struct kith_swap *s, const char *peer);
void kith_swap_answer(struct kith_swap *s, bool yes);
void kith_swap_compared(struct kith_swap *s, bool same);
void kith_swap_cancel(struct kith_swap *s);
void kith_swap_requests(struct kith_swap *s);          /* shows those that are held back */
void kith_swap_invite(struct kith_swap *s, bool show); /* my invitation: KITH_EVENT_INVITE */

/* Something is under way with somebody. */
bool kith_swap_busy(const struct kith_swap *s);

/* What a person has to know of a name that looks like one they know; "" when it does not. */
const char *kith_swap_alike(const char *name, const char *alike, char *out, size_t cap);

/* kith_ending_sentence for UNREACHABLE and FAILED, with what is different for whoever invited me. */
void kith_swap_ending(const struct kith_swap *s, const struct kith_client_event *ev,
	const char *name, char *out, size_t cap);

/* "482 915" or "1234 5678 9012" from the digits. */
void kith_swap_group(const char *code, char out[static 20]);

/* robot.c: answers an event in a person's place. */
void kith_swap_robot(struct kith_swap *s, const struct kith_client_event *ev);

#endif
