/* SPDX-License-Identifier: MIT */
#include "base/diag.h"
#include "base/module.h"
#include "graph/graph.h"

enum kith_err kith_graph_open(const struct kith_graph_library **ret, struct kith_diag *diag)
{
	const void *object;
	enum kith_err err = kith_module(KITH_GRAPH_MODULE, KITH_GRAPH_SYMBOL, &object, diag);

	if (err)
		return err;
	const struct kith_graph_library *library = object;
	if (library->version != KITH_GRAPH_VERSION)
		return kith_fail(diag, KITH_ERR_HELPER,
			KITH_GRAPH_MODULE " is of another build; install kith anew");
	*ret = library;
	return KITH_OK;
}
