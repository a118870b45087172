/* SPDX-License-Identifier: MIT */
#include "notify/pace.h"

#include "base/limits.h"

/* Their place, or the one of the person who is oldest. */
static size_t place(const struct kith_pace *pace, int64_t contact)
{
	size_t oldest = 0;

	for (size_t i = 0; i < pace->n; i++) {
		if (pace->shown[i].contact == contact)
			return i;
		if (pace->shown[i].at < pace->shown[oldest].at)
			oldest = i;
	}
	return pace->n < KITH_PACE_PEOPLE ? pace->n : oldest;
}

bool kith_pace_may(struct kith_pace *pace, int64_t contact, uint64_t now)
{
	size_t i = place(pace, contact);

	if (i < pace->n && pace->shown[i].contact == contact &&
		now - pace->shown[i].at < KITH_NOTIFY_MS)
		return false;
	pace->shown[i].contact = contact;
	pace->shown[i].at = now;
	pace->n += i == pace->n;
	return true;
}
