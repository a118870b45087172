/* SPDX-License-Identifier: MIT
 *
 * place - in which network this machine is, as far as that can be told: by the hardware address of the
 * default gateway, else by the subnet.  proto/control.md "Where".
 */
#ifndef KITH_NODE_PLACE_H
#define KITH_NODE_PLACE_H

#include <kith/err.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"
#include "store/setting.h"

/* One network. */
struct kith_place {
	char name[72]; /* "eth0 192.0.2.0/24" */
	char id[KITH_NETWORK_ID_MAX +
		1]; /* "gateway 02:00:5e:10:00:01", "subnet eth0 192.0.2.0/24";
					   * empty: its gateway has not been heard yet */
};

/* Those that count, each once: with a default gateway, or all where none has one; of interfaces that run. */
struct kith_places {
	struct kith_place at[KITH_PLACES_MAX];
	size_t n;
	bool more; /* there are more than those */
};

/* Asks the kernel.  only: this interface, none while it does not exist; NULL or "": all but the loopback.
 * KITH_ERR_IO. */
enum kith_err kith_places_read(const char *only, struct kith_places *ret) KITH_MUST_CHECK;

/*
 * Makes those known that can be told, from now on (Unix seconds).  KITH_ERR_MISSING, when one could not be:
 * there is none, its gateway has not been heard yet, or there are more; store errors.
 */
enum kith_err kith_places_mark(const struct kith_places *places, struct kith_store *store,
	int64_t now, struct kith_diag *diag) KITH_MUST_CHECK;

/* A descriptor that is readable when the answer may be another one; -1: none. */
int kith_places_watch(void);
void kith_places_heard(int fd); /* takes what has come */

#endif
