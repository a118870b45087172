/* SPDX-License-Identifier: MIT
 *
 * listing - who is here, once for all clients, and which client knows how much of it, without I/O.
 *
 * What a client has not been told yet waits here and not in its queue: however often strangers come,
 * go and change their names, a client that reads slowly has one word a row before it, the latest.
 */
#ifndef KITH_NODE_LISTING_H
#define KITH_NODE_LISTING_H

#include <kith/bytes.h>

#include "base/limits.h"

/* A row; clients are numbered below KITH_CLIENTS_MAX, each has its bit. */
struct listing_row {
	char peer[KITH_HANDLE_MAX + 1]; /* empty: free */
	char name[KITH_LABEL_MAX + 1];
	bool known;                        /* it is somebody I know: */
	uint8_t ik[32];                    /* who */
	char known_as[KITH_LABEL_MAX + 1]; /* by what name I know them */
	uint8_t told;                      /* who knows the row */
	uint8_t stale;                     /* who has to be told (again) */
};

/* What one client is behind with; told rows and these together are at most KITH_ROWS_MAX. */
struct listing_client {
	char gone[KITH_ROWS_MAX][KITH_HANDLE_MAX + 1]; /* rows it knows, which went */
	size_t n;                                      /* of gone */
	size_t next; /* where its next turn begins: no row is always the first */
};

/* All zero is an empty one. */
struct listing {
	struct listing_row rows[KITH_ROWS_MAX];
	struct listing_client clients[KITH_CLIENTS_MAX];
};

/* One thing to tell: the row is here under that name, or is not here any more. */
struct listing_word {
	bool here;
	char peer[KITH_HANDLE_MAX + 1];
	char name[KITH_LABEL_MAX + 1];
	bool known;
	uint8_t ik[32];
	char known_as[KITH_LABEL_MAX + 1];
};

/* The row is here, or has another name: everybody is to be told.  name is cut at KITH_LABEL_MAX; a row
 * beyond KITH_ROWS_MAX is left out. */
void listing_seen(struct listing *l, const char *peer, struct kith_span name);

/* Who is in it has proven to be somebody I know; ik NULL: is nobody I know any more.  Nothing happens when it
 * is told so already, or there is no such row. */
void listing_known(struct listing *l, const char *peer, struct kith_span name, const uint8_t *ik);

/* It went: those who know it are to be told, the others never hear of it. */
void listing_gone(struct listing *l, const char *peer);

/* Everybody went. */
void listing_clear(struct listing *l);

/* In that place there is a client now who knows nothing. */
void listing_join(struct listing *l, size_t client);

/* The next thing to tell the client, which counts as told then; false when it knows everything.  Who
 * went comes before who came, so that nobody is told of more than KITH_ROWS_MAX at once. */
bool listing_next(struct listing *l, size_t client, struct listing_word *ret);

/* The same for what has to be told before anything else is said about this row. */
bool listing_before(struct listing *l, size_t client, const char *peer, struct listing_word *ret);

#endif
