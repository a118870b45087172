/* SPDX-License-Identifier: MIT
 *
 * newsline - one line of news as it happens: short, since kith news tells it whole.
 */
#ifndef KITH_CLI_NEWSLINE_H
#define KITH_CLI_NEWSLINE_H

#include <jansson.h>
#include <kith/known.h>

/* Appends a sentence; text from others is inert.  KITH_ERR_NOMEM. */
enum kith_err kith_newsline_text(
	const struct kith_notice *notice, struct kith_buf *out) KITH_MUST_CHECK;

/* {"event": "news", "kind", "at", "id", "name", "text"}, and of what is about two people "other": {"id", "name"}, null:
 * forgotten since; NULL: no memory. */
json_t *kith_newsline_json(const struct kith_notice *notice);

#endif
