/* SPDX-License-Identifier: MIT
 *
 * The memory of failed comparisons over the node's end: a swap that is started again does not give
 * anybody new tries.
 */
#include "base/boot.h"
#include "node/inside.h"

static void recall(void *ctx, uint64_t at)
{
	struct kith_node *node = ctx;

	if (at <= node->env->ticks(node->env->ctx))
		kith_failures_add(&node->failures, at);
}

enum kith_err node_failures_load(struct kith_node *node)
{
	kith_boot_id(node->boot);
	return kith_store_each_failed(node->store, node->boot, recall, node);
}

void node_failures_keep(struct kith_node *node, uint64_t at)
{
	if (kith_store_failed(node->store, node->boot, at))
		node_control_notice(node, kith_store_why(node->store));
}
