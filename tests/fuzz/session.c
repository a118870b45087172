/* SPDX-License-Identifier: MIT
 *
 * session - every message of proto/session.def, between two kiths.
 */
#include "fuzz/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	return message_input("session_", p, n);
}
