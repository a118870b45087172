/* SPDX-License-Identifier: MIT
 *
 * control - every message of proto/control.def, between a client and the node.
 */
#include "fuzz/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	return message_input("control_", p, n);
}
