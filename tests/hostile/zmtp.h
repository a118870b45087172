/* SPDX-License-Identifier: MIT
 *
 * zmtp - greeting and frames of ZMTP 3.1 (RFC 23 and 37), without any manners.
 * Descriptors are blocking, with time-outs (target.h).
 */
#ifndef KITH_HOSTILE_ZMTP_H
#define KITH_HOSTILE_ZMTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define GREETING_BYTES 64
#define FRAME_MAX      66000 /* of one frame that is read */

enum { ZMTP_MORE = 1, ZMTP_LONG = 2, ZMTP_COMMAND = 4 }; /* flags of a frame */

/* All of it or false. */
bool wire_send(int fd, const void *p, size_t n);
bool wire_read(int fd, void *p, size_t n);

/* What the far side did when nothing more is sent: 0 closed or reset, 1 still there after ms. */
int wire_fate(int fd, int ms);

void zmtp_greeting(
	uint8_t out[GREETING_BYTES], uint8_t major, const char *mechanism, bool as_server);

/* Sends a CURVE greeting and reads the other's. */
bool zmtp_greet(int fd, bool as_server);

/* Writes the head of a frame of n bytes; returns its length, 2 or 9. */
size_t zmtp_head(uint8_t out[static 9], uint8_t flags, uint64_t n);

bool zmtp_send(int fd, uint8_t flags, const void *p, size_t n);

/* The next frame: its length, -1 when none came. */
ssize_t zmtp_read(int fd, uint8_t *ret_flags, uint8_t body[static FRAME_MAX]);

#endif
