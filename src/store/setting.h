/* SPDX-License-Identifier: MIT
 *
 * setting - what the node keeps about itself: where it recognises people, and in which networks I met
 * somebody or said that it may.  proto/control.md "Where".
 */
#ifndef KITH_STORE_SETTING_H
#define KITH_STORE_SETTING_H

#include <kith/store.h>

#define KITH_NETWORK_ID_MAX 80 /* bytes of the id of a network */

/* A number by its name; KITH_ERR_MISSING: it was never set; store errors. */
enum kith_err kith_store_setting(
	struct kith_store *store, const char *name, int64_t *ret_value) KITH_MUST_CHECK;
enum kith_err kith_store_setting_put(
	struct kith_store *store, const char *name, int64_t value) KITH_MUST_CHECK;

/* Whether that network is known; and makes it known from now on.  Store errors; of the latter
 * KITH_ERR_LIMIT: the id is longer than KITH_NETWORK_ID_MAX. */
enum kith_err kith_store_network(
	struct kith_store *store, struct kith_span id, bool *ret_known) KITH_MUST_CHECK;
enum kith_err kith_store_network_put(
	struct kith_store *store, struct kith_span id, int64_t now) KITH_MUST_CHECK;

#endif
