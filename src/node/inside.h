/* SPDX-License-Identifier: MIT
 *
 * inside - the node's state, shared by the files of this folder only.
 *
 *	node.c      start, loop, end
 *	key.c       the key: open, locked, changed
 *	known.c     recognising people, and what becomes due to them
 *	present.c   who of them is here
 *	where.c     in which networks; place.c which one this is
 *	home.c      noticing what other programs do to the home
 *	watch.c     who watches; actor.c the hook's process
 *	state.c     how the node is
 *	courier.c   what the courier says, and announcing under a new key
 *	sightings.c who was seen where, for dialling
 *	source.c    where somebody comes from, for counting
 *	invite.c    the invitation that I show, and the one that I came with
 *	swap.c      the room of a swap and what it asks of the outside
 *	control.c   clients
 *	listing.c   who is here, and which client knows it
 *	failures.c  failed comparisons, over the node's end
 *	alike.c     whose name a stranger's name looks like
 *	daemon.c    noticing that the Avahi daemon comes or goes
 */
#ifndef KITH_NODE_INSIDE_H
#define KITH_NODE_INSIDE_H

#include <kith/store.h>

#include "base/text.h"
#include "keep/keep.h"
#include "message/invite.h"
#include "node/helper.h"
#include "node/listing.h"
#include "node/node.h"
#include "node/place.h"
#include "session/room.h"

#define KITH_CONTROL_VERSION 1 /* of control.def, that both must speak */

#define NODE_OFFLINE "There is no network: nobody can be found until one is up."

/* Somebody the courier sees. */
struct sighting {
	bool used;
	uint8_t key[32];
	char label[KITH_TXT_LABEL_MAX + 1];
	char endpoints[KITH_ADDRESSES_MAX][81];
	size_t n; /* endpoints in use */
	char network[KITH_NETWORK_MAX + 1];
};

/* A client at the control socket. */
struct client {
	bool used;
	bool owner;    /* the node ends with it */
	bool watching; /* it asked for SWAP or NEARBY: it is told who is here */
	bool follows;  /* it asked for WATCH: it is told of people I know, and of changes */
	bool behind;   /* and of one change more, once it has read */
	bool ready_told;
	bool invites;    /* it shows the swap's invitation */
	bool invite_due; /* and does not know its present text */
	struct kith_link link;
};

/* What a swap needs; self points into it. */
struct swap {
	struct client *client; /* whose it is; NULL: no swap */
	struct kith_self self;
	struct kith_mine mine;
	char name[KITH_FIELD_NAME_MAX + 1];
	char event[KITH_EVENT_MAX + 1];
	char card[KITH_CARD_NAME_MAX + 1]; /* which of mine; empty for "me" */
	bool hidden;
	struct kith_invite to; /* the invitation I came with; n is 0 when I have none */
	bool called;           /* and it was picked */
};

struct acquaintances;

/* Somebody I know who is here, or was a moment ago. */
struct person {
	int64_t contact; /* 0: none */
	uint8_t ik[KITH_KEY_BYTES];
	char name[KITH_LABEL_MAX + 1]; /* by my store */
	size_t rows;                   /* as which they are seen */
	uint64_t gone_at;              /* ticks, without a row: then they are gone */
	bool told;                     /* to whoever watches */
};

struct known_row {
	char peer[KITH_HANDLE_MAX + 1]; /* empty: free */
	int64_t contact;
};

struct present {
	struct person people[KITH_ROWS_MAX];
	struct known_row rows[KITH_ROWS_MAX];
};

/* The values of CONTROL_WHERE and of the setting. */
enum node_where { KITH_NODE_EVERYWHERE = 0, KITH_NODE_KNOWN = 1, KITH_NODE_NEVER = 2 };

struct actor {
	pid_t pid; /* 0: it does not run */
	int fd;    /* of the process */
	unsigned starts;
};

struct kith_node {
	const struct kith_env *env;
	struct kith_node_options options;
	struct kith_identity *id;
	struct kith_store *store;
	int lock_fd, listen_fd, signal_fd, inotify_fd, home_fd, places_fd;
	char socket_path[108]; /* empty while none is bound */
	struct kith_helper helper;
	struct kith_buf courier_path;
	struct sighting sightings[KITH_ROWS_MAX];
	struct client clients[KITH_CLIENTS_MAX];
	struct listing listing; /* of the room, for the clients */
	struct swap swap;
	struct kith_room
		*room;         /* of the swap, or for people I know; NULL while the key is locked */
	struct kith_self self; /* without a swap */
	struct kith_keep *keep; /* what is due to people I know; NULL while the key is locked */
	struct kith_known_host kept;      /* the keep's */
	struct kith_known_host known;     /* the same, but we learn that the store was changed */
	struct kith_circle *circle;       /* whom I would recognise */
	struct kith_retired_keys retired; /* for those who know me by a key that I left */
	uint64_t circle_mark;             /* whom it held when it was complete */
	bool building;                    /* it is being brought up to date */
	bool complete;                    /* it has been so once */
	bool recognises;                  /* it is used, and we are announced for that */
	struct present present;
	enum node_where where;
	struct kith_places places;
	bool familiar;   /* I know all networks that I am in */
	bool look;       /* somebody else may have changed the store */
	bool key_look;   /* or the key */
	bool mine_stale; /* my card may be another one */
	bool stirred;    /* the store was changed, by whomever */
	bool retie;      /* perhaps in whom I would recognise */
	bool closing;    /* the key goes: no new room */
	bool copied;     /* this home may be there twice, and everything was signed anew */
	int64_t since;   /* Unix seconds */
	struct actor actor;
	struct kith_failures failures;
	uint8_t boot[16];                    /* names this start of the machine */
	struct acquaintances *acquaintances; /* NULL: to be read when a name comes */
	struct kith_pair pair;               /* my CURVE keys now */
	bool announced;                      /* the courier has bound them */
	uint16_t port;                       /* to which, when announced; 0: to none */
	struct kith_invite reach;            /* my addresses, of which keys and port are not set */
	bool networked;                      /* the first NETWORK came */
	bool offline;                        /* it had no interface at all */
	bool rekey;                          /* new keys are due once nobody is in a session */
	bool renew;                          /* a new courier is due once nobody is in a session */
	uint64_t wanted_at;                  /* ticks: since when one of them is; 0: neither */
	bool stop;
};

/* courier.c */
void node_courier_send(struct kith_node *node, const struct kith_schema *schema, const void *msg);
void node_courier_start(struct kith_node *node);   /* or plans the next try */
void node_courier_started(struct kith_node *node); /* after every start */
void node_courier_read(struct kith_node *node);
void node_courier_lost(struct kith_node *node);
const char *node_courier_fault(const struct kith_node *node); /* why it does not serve, or NULL */
const char *node_courier_bare(const struct kith_node *node);  /* what its cage lacks, or NULL */
void node_announce(struct kith_node *node);                   /* under a new key */
/* Others can find us: for a swap, or, without a name, so that people I know do. */
bool node_is_public(const struct kith_node *node);
void node_look(struct kith_node *node);

/* key.c: KITH_ERR_PASSPHRASE and the other errors of kith_identity_load_protected */
enum kith_err node_key_open(
	struct kith_node *node, const struct kith_passphrase *passphrase, struct kith_diag *diag);
void node_key_close(struct kith_node *node);
void node_key_look(
	struct kith_node *node); /* store or key file is another now: so must the key be */

/* known.c */
enum kith_err node_known_open(struct kith_node *node);
void node_known_close(struct kith_node *node);
void node_known_step(struct kith_node *node); /* one more step of the circle, if there is one */
bool node_may_recognise(const struct kith_node *node);
void node_known_decide(struct kith_node *node); /* whether to recognise, here and now */
void node_store_look(struct kith_node *node);   /* what others changed, before a decision */
void node_store_stirred(struct kith_node *node);

/* present.c */
void node_present_known(struct kith_node *node, const char *peer, int64_t contact);
void node_present_gone(struct kith_node *node, const char *peer); /* or known no more */
void node_present_clear(struct kith_node *node);
uint64_t node_present_tick(struct kith_node *node); /* returns the ms until it must be called */
void node_present_review(struct kith_node *node);   /* their names may be others */
size_t node_present_count(const struct kith_node *node);

/* where.c */
void node_where_read(struct kith_node *node); /* the setting */
void node_where_look(struct kith_node *node); /* where we are */
void node_where_heard(struct kith_node *node);
/* KITH_ERR_IO and the errors of kith_places_mark */
enum kith_err node_where_mark(struct kith_node *node, struct kith_diag *diag);
enum kith_err node_where_set(struct kith_node *node, enum node_where where);

/* home.c */
int node_home_watch(const char *home);
void node_home_changed(struct kith_node *node);

/* watch.c */
void node_watch_join(struct kith_node *node, struct client *client);
void node_watch_here(struct kith_node *node, const struct person *person, bool here);
void node_watch_changed(struct kith_node *node);
void node_watch_rest(struct client *client);

/* actor.c */
void node_actor_start(struct kith_node *node);
void node_actor_ended(struct kith_node *node);
void node_actor_stop(struct kith_node *node);

/* state.c */
void node_state_tell(struct kith_node *node, struct client *client);

/* sightings.c */
struct sighting *sighting_find(struct kith_node *node, const uint8_t key[static 32]);
bool sighting_keep(struct kith_node *node, const struct kith_courier_seen *m);
void sighting_drop(struct kith_node *node, const uint8_t key[static 32]);
void sightings_forget(struct kith_node *node);

/* source.c: out is all zero for what is no address */
void node_source(struct kith_span address, uint8_t out[static KITH_SOURCE_BYTES]);

/* invite.c */
void node_invite_tell(struct kith_node *node); /* the text, where it is due and there is room */
void node_invite_show(struct kith_node *node, struct client *client, bool show);
void node_invite_changed(struct kith_node *node);
void node_invite_over(struct kith_node *node); /* the swap has ended */
void node_invite_call(struct kith_node *node); /* whoever invited me, once */
size_t node_invite_endpoints(const struct kith_node *node, const uint8_t key[static 32],
	char out[static KITH_INVITE_ADDRESSES_MAX][81]); /* 0: no invitation to that key */

/* swap.c */
enum kith_err node_room_open(struct kith_node *node); /* for a swap, or for people I know */
enum kith_err node_swap_begin(struct kith_node *node, struct client *client,
	const struct kith_control_swap *m, struct kith_diag *diag);
void node_swap_end(struct kith_node *node);
enum kith_err node_swap_refresh(struct kith_node *node); /* my card was changed elsewhere */

/* control.c */
enum kith_err node_control_open(struct kith_node *node, struct kith_diag *diag);
void node_control_accept(struct kith_node *node);
void node_control_add(struct kith_node *node, int fd, bool owner);
void node_control_read(struct kith_node *node, struct client *client);
void node_control_drop(struct kith_node *node, struct client *client);
void node_control_ready(struct kith_node *node); /* READY to whoever waits for it */
void node_control_notice(struct kith_node *node, const char *text);
void node_control_courier_says(struct kith_node *node, struct kith_span text);
void node_control_rows(struct kith_node *node, struct client *client); /* as many as have room */
void node_control_rows_all(struct kith_node *node);
void node_control_news(struct kith_node *node, const struct kith_news *news);
void node_control_refuse(
	struct client *client, enum kith_err err, const char *text); /* text NULL: what err means */
void node_control_refuse_owner(struct kith_node *node, enum kith_err err,
	const struct kith_diag *diag); /* why we could not start */
void node_control_close(struct kith_node *node);

/* failures.c */
enum kith_err node_failures_load(struct kith_node *node);
void node_failures_keep(struct kith_node *node, uint64_t at);

/* alike.c: the name of a contact, n == 0 for none; valid until the next forget */
struct kith_span node_alike(struct kith_node *node, struct kith_span name);
void node_alike_forget(struct kith_node *node);

/* daemon.c */
int node_daemon_watch(void);
bool node_daemon_runs(void);
void node_daemon_changed(struct kith_node *node);

#endif
