/* SPDX-License-Identifier: MIT
 *
 * courier - every message of proto/courier.def, between the node and its courier.
 */
#include "fuzz/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	return message_input("courier_", p, n);
}
