/* SPDX-License-Identifier: MIT
 *
 * bare_avahi - avahi-core that browses for kith and does nothing else: what being idle on a network
 * costs at the least.  Runs until it is killed.
 */
#include "look.h"

int main(void)
{
	return look_for_ever() < 0 ? 1 : 0;
}
