/* SPDX-License-Identifier: MIT
 *
 * label - how wide a name is drawn, before anybody draws it: no font is opened here.
 */
#ifndef KITH_CHART_LABEL_H
#define KITH_CHART_LABEL_H

#include <kith/bytes.h>

/* Pixels that a text out of kith_show takes at that size of letters: as DejaVu Sans draws it, which is wider than most;
 * what has no table is taken for wide. */
double kith_label_width(struct kith_span shown, double size);

/* Puts the name into the empty buffer, inert, cut with "…" to at most `room` pixels; "?" when nothing of it shows. */
enum kith_err kith_label_cut(
	struct kith_buf *out, struct kith_span name, double size, double room) KITH_MUST_CHECK;

#endif
