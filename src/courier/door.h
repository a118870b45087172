/* SPDX-License-Identifier: MIT
 *
 * door - whether somebody who has just connected may stay, and who has to leave for it.
 */
#ifndef KITH_COURIER_DOOR_H
#define KITH_COURIER_DOOR_H

#include "courier/conn.h"

/*
 * Asked once for every connection that comes in.  True: there is a place in the table for it,
 * somebody else's perhaps (who was cut off, and the node was told).  False: it is to be cut off,
 * because of
 *
 * - one_interface, and it comes from elsewhere;
 * - KITH_CONNECTIONS_ADDRESS_MAX from its address;
 * - KITH_HANDSHAKES_ADDRESS_MAX or KITH_HANDSHAKES_MAX;
 * - KITH_CONNECTIONS_MAX - KITH_CONNECTIONS_RESERVED, and nobody who could leave.
 */
bool kith_door_admits(struct kith_lines *l, const struct kith_peer *far);

#endif
