/* SPDX-License-Identifier: MIT
 *
 * bare_avahi - avahi-core that browses for kith and does nothing else: what being idle on a network
 * costs at the least.  Runs until it is killed.
 *
 *	bare_avahi [answer]      instead of that it answers, as one that is looked for
 */
#include <string.h>

#include "look.h"

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "answer") == 0)
		return look_answer_for_ever() < 0 ? 1 : 0;
	return look_for_ever() < 0 ? 1 : 0;
}
