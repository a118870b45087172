/* SPDX-License-Identifier: MIT
 *
 * robot - answers in a person's place: for scripts, tests, and a booth.  It takes the first person
 * (or WHO) and confirms without comparing; both records say so.
 */
#include <string.h>

#include "cli/swap.h"

#define TRIES_MAX 5 /* with one person, when lines break */

static bool suits(struct kith_swap *s, struct kith_swap_row *row)
{
	return row && !row->swapped && !row->refused && row->tries < TRIES_MAX &&
	       (!s->to || strcmp(row->peer, s->invited) == 0) &&
	       (!s->who || kith_swap_find(s, s->who) == row);
}

static void pick_next(struct kith_swap *s)
{
	if (kith_swap_busy(s) || s->end)
		return;
	for (size_t i = 0; i < s->n; i++) {
		struct kith_swap_row *row = &s->rows[i];
		if (row->here && !row->unreachable && suits(s, row)) {
			row->tries++;
			kith_swap_pick(s, row->peer);
			return;
		}
	}
}

/* Whether there is anybody to go on with. */
static bool others(struct kith_swap *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->rows[i].here && !s->rows[i].unreachable && suits(s, &s->rows[i]))
			return true;
	return false;
}

void kith_swap_robot(struct kith_swap *s, const struct kith_client_event *ev)
{
	switch (ev->kind) {
	case KITH_EVENT_REQUEST:
		/* They came to me: at a booth the same person may come twice. */
		kith_swap_answer(s, (!s->to || strcmp(ev->peer, s->invited) == 0) &&
					    (!s->who || kith_swap_find(s, s->who) ==
								kith_swap_row(s, ev->peer)));
		break;
	case KITH_EVENT_CODE:
		kith_swap_compared(s, true);
		break;
	case KITH_EVENT_UNREACHABLE:
		/* Perhaps a row whose owner has gone; this one stays wanted unless another is here. */
		if (others(s))
			s->picked[0] = 0;
		pick_next(s);
		break;
	case KITH_EVENT_SEEN:
	case KITH_EVENT_SWAPPED:
	case KITH_EVENT_FAILED:
	case KITH_EVENT_WITHDRAWN:
		pick_next(s);
		break;
	default:
		break;
	}
}
