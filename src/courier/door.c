/* SPDX-License-Identifier: MIT */
#include "courier/door.h"

#include "courier/crowd.h"

#define GUESTS_MAX (KITH_CONNECTIONS_MAX - KITH_CONNECTIONS_RESERVED)

/* Who is in: the living connections that came in. */
struct inside {
	struct kith_guest guests[KITH_CONNECTIONS_MAX];
	struct kith_conn *conns[KITH_CONNECTIONS_MAX];
	size_t n;
	size_t places; /* that incoming connections take, those that are over included */
};

static void look_around(struct kith_lines *l, struct inside *ret)
{
	ret->n = ret->places = 0;
	for (size_t i = 0; i < KITH_CONNECTIONS_MAX; i++) {
		struct kith_conn *c = &l->at[i];
		if (c->number == 0 || c->number % 2 == 1)
			continue;
		ret->places++;
		if (c->ended)
			continue;
		ret->guests[ret->n] = (struct kith_guest){
			.from = kith_origin_of(&c->far.ip, c->far.scope),
			.spoke = c->opened,
			.kept = c->kept,
		};
		ret->conns[ret->n++] = c;
	}
}

static bool make_room(struct kith_lines *l, const struct inside *in)
{
	size_t i;

	if (in->places < GUESTS_MAX && kith_conn_find(l, 0))
		return true;
	/* A CLOSED for each newcomer must not fill the queue of a node that reads slowly. */
	if (!kith_nodelink_room(l->node))
		return false;
	i = kith_crowd_leaves(in->guests, in->n, kith_env_default());
	if (i == KITH_CROWD_NOBODY)
		return false;
	kith_peer_cut(&in->conns[i]->far);
	kith_conn_over(in->conns[i]);
	return true;
}

bool kith_door_admits(struct kith_lines *l, const struct kith_peer *far)
{
	struct kith_origin from = kith_origin_of(&far->ip, far->scope);
	struct inside in;

	if (l->one_interface && !kith_nets_holding(l->nets, &far->ip, far->scope))
		return false;
	look_around(l, &in);
	/* The rates last but one, so that who is refused anyway takes nothing of what is for all. */
	return kith_crowd_from(in.guests, in.n, &from) < KITH_CONNECTIONS_ADDRESS_MAX &&
	       kith_rate_take(&l->accepts, &from, kith_poller_now()) && make_room(l, &in);
}
