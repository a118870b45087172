/* SPDX-License-Identifier: MIT
 *
 * extent - where the next vCard of the input begins and ends.
 *
 * A vCard ends at its END:VCARD.  One that begins inside another belongs to it when an AGENT without
 * a value stands before it, or when the END of both is there; otherwise the outer one has broken off.
 */
#ifndef KITH_VCARD_EXTENT_H
#define KITH_VCARD_EXTENT_H

#include "vcard/input.h"
#include "vcard/remark.h"

struct kith_extent {
	struct kith_input *in;
	struct kith_remarks *remarks;
	uint64_t line;                   /* of the file, at the front of the window, from 1 */
	size_t lf;                       /* for kith_cut */
	uint64_t begins;                 /* the line on which the vCard that was found begins */
	uint64_t ends;                   /* and the one on which it ends */
	enum kith_vcard_version version; /* of that one */
	bool plain;                      /* none of its lines ends in a CR alone, or in two */
	size_t n;                        /* its bytes, at the front of the window */
};

void kith_extent_init(struct kith_extent *e, struct kith_input *in, struct kith_remarks *remarks);

/*
 * Passes what kith_extent_next found before and goes to the next vCard: its n bytes stand at the
 * front of the window.  KITH_ERR_MISSING: no further one; KITH_ERR_LIMIT: it is over VCARD_MAX or
 * VCARD_DEPTH_MAX and has been skipped, with a remark; KITH_ERR_IO; KITH_ERR_NOMEM.
 */
enum kith_err kith_extent_next(struct kith_extent *e) KITH_MUST_CHECK;

/* The version of a vCard in memory, BEGIN to END: what kith_extent_next would say. */
enum kith_vcard_version kith_extent_version(struct kith_span text);

#endif
