/* SPDX-License-Identifier: MIT
 *
 * points - kith itself, whose node ends without a word at the n-th named point of a swap: before and
 * after everything durable, and before and after every message that it sends or takes (case 70).
 *
 *	KITH_POINTS_LOG=FILE [KITH_POINTS_AT=N] [KITH_POINTS_IN=client] kith-points ...
 *
 * Every point is a line in the file; the one it died at is the last.  The objects are the product's:
 * the linker's --wrap puts these functions in front of theirs.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kith/store.h>

#include "message/link.h"
#include "node/helper.h"
#include "session/room.h"

#define DIED 137

int __real_main(int argc, char **argv);
int __wrap_main(int argc, char **argv);

static int log_fd = -1;
static unsigned long at, count;

static void point(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void point(const char *fmt, ...)
{
	char line[160];
	va_list ap;

	if (log_fd < 0)
		return;
	va_start(ap, fmt);
	int n = vsnprintf(line, sizeof line - 1, fmt, ap);
	va_end(ap);
	line[n++] = '\n';
	if (write(log_fd, line, (size_t)n) != n || ++count == at)
		_exit(DIED); /* as a killed process: nothing is flushed, nobody is told */
}

int __wrap_main(int argc, char **argv)
{
	const char *in = getenv("KITH_POINTS_IN");
	const char *path = getenv("KITH_POINTS_LOG");
	const char *number = getenv("KITH_POINTS_AT");
	bool node = false;

	for (int i = 1; i < argc; i++)
		node = node || strcmp(argv[i], "node") == 0;
	if (path && node != (in && strcmp(in, "client") == 0))
		log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log_fd >= 0) /* the node closes what it does not know, low numbers first come first */
		log_fd = fcntl(log_fd, F_DUPFD_CLOEXEC, 900);
	at = number ? strtoul(number, NULL, 10) : 0;
	return __real_main(argc, argv);
}

/* The node closes all descriptors but its own: ours is none of its business. */
int __wrap_close_range(unsigned first, unsigned last, int flags);
int __real_close_range(unsigned first, unsigned last, int flags);
int __wrap_close_range(unsigned first, unsigned last, int flags)
{
	if (log_fd < 0 || last < (unsigned)log_fd || first > (unsigned)log_fd)
		return __real_close_range(first, last, flags);
	return __real_close_range(first, (unsigned)log_fd - 1, flags);
}

/* --- what is durable -------------------------------------------------------------------------- */

#define STEP(name, params, args)                                                                   \
	enum kith_err __real_##name params;                                                        \
	enum kith_err __wrap_##name params;                                                        \
	enum kith_err __wrap_##name params                                                         \
	{                                                                                          \
		point("before %s", #name + 5);                                                     \
		enum kith_err err = __real_##name args;                                            \
		point("after %s%s", #name + 5, err ? ", which failed" : "");                       \
		return err;                                                                        \
	}

STEP(kith_store_open,
	(const char *home, enum kith_store_mode mode, struct kith_store **ret,
		struct kith_diag *diag),
	(home, mode, ret, diag))
STEP(kith_store_confirm, (struct kith_store * store, const struct kith_meeting *m), (store, m))
STEP(kith_store_confirmed,
	(struct kith_store * store, const uint8_t session[static 32], enum kith_how theirs),
	(store, session, theirs))
STEP(kith_store_card,
	(struct kith_store * store, const uint8_t session[static 32], const struct kith_card *card,
		struct kith_span envelope, int64_t now),
	(store, session, card, envelope, now))
STEP(kith_store_receipt, (struct kith_store * store, const struct kith_receipt *r), (store, r))
STEP(kith_store_mismatch, (struct kith_store * store, const uint8_t session[static 32]),
	(store, session))
STEP(kith_helper_start, (struct kith_helper * h, struct kith_diag *diag), (h, diag))
STEP(kith_room_new,
	(const struct kith_env *env, const struct kith_self *self,
		const struct kith_room_host *host, struct kith_room **ret),
	(env, self, host, ret))

/* --- what is said ----------------------------------------------------------------------------- */

/* "CONFIRM" of a message between two kiths, "" for any other. */
static const char *session_name(struct kith_span message)
{
	static const char *const names[] = {[KITH_TYPE_HELLO_I] = "HELLO_I",
		[KITH_TYPE_HELLO_R] = "HELLO_R",
		[KITH_TYPE_REQUEST] = "REQUEST",
		[KITH_TYPE_ACCEPT] = "ACCEPT",
		[KITH_TYPE_DECLINE] = "DECLINE",
		[KITH_TYPE_REVEAL] = "REVEAL",
		[KITH_TYPE_AUTH] = "AUTH",
		[KITH_TYPE_CONFIRM] = "CONFIRM",
		[KITH_TYPE_CARD] = "CARD",
		[KITH_TYPE_RECEIPT] = "RECEIPT",
		[KITH_TYPE_ABORT] = "ABORT"};
	uint64_t type;

	if (kith_message_type(message, &type) || type >= sizeof names / sizeof names[0] ||
		!names[type])
		return "?";
	return names[type];
}

enum kith_err __real_kith_link_send(
	struct kith_link *link, const struct kith_schema *schema, const void *msg);
enum kith_err __wrap_kith_link_send(
	struct kith_link *link, const struct kith_schema *schema, const void *msg);
enum kith_err __wrap_kith_link_send(
	struct kith_link *link, const struct kith_schema *schema, const void *msg)
{
	char name[80];

	(void)snprintf(name, sizeof name, "%s", schema->name);
	if (schema == &kith_courier_send_schema)
		(void)snprintf(name, sizeof name, "%s of %s", schema->name,
			session_name(((const struct kith_courier_send *)msg)->bytes));
	point("before %s", name);
	enum kith_err err = __real_kith_link_send(link, schema, msg);
	point("after %s", name);
	return err;
}

static const char *schema_name(uint64_t type)
{
	size_t n;
	const struct kith_schema *const *all = kith_schemas(&n);

	for (size_t i = 0; i < n; i++)
		if (all[i]->type == type && (strncmp(all[i]->name, "courier", 7) == 0 ||
						    strncmp(all[i]->name, "control", 7) == 0))
			return all[i]->name;
	return "?";
}

enum kith_err __real_kith_link_receive(
	struct kith_link *link, struct kith_span *ret_bytes, uint64_t *ret_type);
enum kith_err __wrap_kith_link_receive(
	struct kith_link *link, struct kith_span *ret_bytes, uint64_t *ret_type);
enum kith_err __wrap_kith_link_receive(
	struct kith_link *link, struct kith_span *ret_bytes, uint64_t *ret_type)
{
	enum kith_err err = __real_kith_link_receive(link, ret_bytes, ret_type);
	struct kith_courier_bytes m;

	if (err)
		return err;
	if (*ret_type == KITH_TYPE_COURIER_BYTES &&
		!kith_unpack(&kith_courier_bytes_schema, *ret_bytes, &m))
		point("at %s", session_name(m.bytes));
	else if (*ret_type != KITH_TYPE_COURIER_SEEN && *ret_type != KITH_TYPE_COURIER_GONE)
		point("at %s %llu", schema_name(*ret_type), (unsigned long long)*ret_type);
	return err;
}
