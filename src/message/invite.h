/* SPDX-License-Identifier: MIT
 *
 * invite - an invitation to a swap that is running: which key listens where, and whose it is.
 * proto/uri.md, "J"; its text form is card/uri.h.
 */
#ifndef KITH_MESSAGE_INVITE_H
#define KITH_MESSAGE_INVITE_H

#include <kith/bytes.h>

#include "base/limits.h"

struct kith_invite_address {
	bool v6;
	uint8_t bytes[16]; /* network order; an IPv4 address has four, the rest is zero */
};

/* A plain value without owned memory. */
struct kith_invite {
	uint8_t key[32]; /* S, the CURVE key of the listener */
	uint8_t ik[32];  /* of who invites */
	uint16_t port;
	struct kith_invite_address at[KITH_INVITE_ADDRESSES_MAX]; /* the most useful first */
	size_t n;                                                 /* from 1 on */
};

/*
 * Reads the bytes of an invitation.  An address that cannot be a machine's (multicast, unspecified,
 * an IPv4 address mapped into IPv6) is KITH_ERR_VALUE, half a one KITH_ERR_SHAPE; otherwise the errors
 * of kith_unpack.  Whether the keys are sound is not looked at.
 */
enum kith_err kith_invite_read(struct kith_span bytes, struct kith_invite *ret) KITH_MUST_CHECK;

/* Appends the bytes.  The errors of kith_pack; without an address KITH_ERR_SHAPE. */
enum kith_err kith_invite_write(
	const struct kith_invite *invite, struct kith_buf *out) KITH_MUST_CHECK;

/* The list of addresses alone, which may be empty here; the same errors for those in it, and
 * KITH_ERR_LIMIT for more than INVITE_ADDRESSES_MAX.  Of ret only at and n are written. */
enum kith_err kith_invite_addresses_read(
	struct kith_span list, struct kith_invite *ret) KITH_MUST_CHECK;
enum kith_err kith_invite_addresses_write(
	const struct kith_invite *invite, struct kith_buf *out) KITH_MUST_CHECK;

/* Leaves out addresses of the loopback, 127.0.0.0/8 and ::1, unless mine has one: they would lead to
 * whatever listens on this machine.  n may become 0. */
void kith_invite_prune(struct kith_invite *invite, const struct kith_invite *mine);

#endif
