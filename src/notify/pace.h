/* SPDX-License-Identifier: MIT
 *
 * pace - that nobody fills the desktop with notifications: one a person in NOTIFY_MS.
 */
#ifndef KITH_NOTIFY_PACE_H
#define KITH_NOTIFY_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KITH_PACE_PEOPLE 256 /* remembered; of more the one who is oldest is forgotten */

/* Start with {0}. */
struct kith_pace {
	struct {
		int64_t contact;
		uint64_t at;
	} shown[KITH_PACE_PEOPLE];
	size_t n;
};

/* Whether something about that person (0: nobody who is known) may be shown now, in ms that never go back; if so it counts
 * as shown. */
bool kith_pace_may(struct kith_pace *pace, int64_t contact, uint64_t now);

#endif
