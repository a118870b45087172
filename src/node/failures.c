/* SPDX-License-Identifier: MIT
 *
 * The memory of failed comparisons over the node's end: a swap that is started again does not give
 * anybody new tries.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/auto.h"
#include "node/inside.h"

/* The number of this start of the machine; all zero where it cannot be read. */
static void boot_id(uint8_t out[static 16])
{
	char text[37] = "";
	KITH_AUTO_FD int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	size_t n = 0;

	memset(out, 0, 16);
	if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
		return;
	for (const char *p = text; *p && n < 32; p++) {
		unsigned digit = *p >= 'a' ? (unsigned)(*p - 'a' + 10) : (unsigned)(*p - '0');
		if (*p == '-' || digit > 15)
			continue;
		out[n / 2] = (uint8_t)(out[n / 2] << 4 | digit);
		n++;
	}
}

static void recall(void *ctx, uint64_t at)
{
	struct kith_node *node = ctx;

	if (at <= node->env->ticks(node->env->ctx))
		kith_failures_add(&node->failures, at);
}

enum kith_err node_failures_load(struct kith_node *node)
{
	boot_id(node->boot);
	return kith_store_each_failed(node->store, node->boot, recall, node);
}

void node_failures_keep(struct kith_node *node, uint64_t at)
{
	if (kith_store_failed(node->store, node->boot, at))
		node_control_notice(node, kith_store_why(node->store));
}
