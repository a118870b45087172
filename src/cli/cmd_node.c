/* SPDX-License-Identifier: MIT
 *
 * node - the core, in the background for whoever connects, or started by a client for itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/home.h"
#include "base/file.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/nodetalk.h"
#include "cli/passphrase.h"
#include "cli/person.h"
#include "node/node.h"
#include "node/place.h"
#include "store/setting.h"

/* Whatever the person's shell had open has no business in a process that goes on; -1 keeps nothing. */
static void close_others(int keep, int and_keep)
{
	int low = keep < and_keep ? keep : and_keep, high = keep < and_keep ? and_keep : keep;
	unsigned from = STDERR_FILENO + 1;

	for (int i = 0; i < 2; i++) {
		int kept = i ? high : low;
		if (kept < (int)from)
			continue;
		if (kept > (int)from)
			(void)close_range(from, (unsigned)kept - 1, 0);
		from = (unsigned)kept + 1;
	}
	(void)close_range(from, ~0u, 0);
}

/* The passphrase of a key that has one.  A client that starts a node hands it over, or has none;
 * that, and whatever else is wrong with the key, the node tells him. */
static enum kith_err get_passphrase(
	struct kith_cli *cli, struct kith_node_options *o, struct kith_diag *diag)
{
	const struct kith_passphrase *p;
	bool protected, ask = o->client_fd < 0 && !o->locked;
	enum kith_err err = KITH_OK;

	if (kith_identity_is_protected(cli->home, &protected, NULL) || !protected)
		return KITH_OK;
	if (ask || cli->passphrase_fd >= 0)
		err = kith_cli_passphrase(cli, &p, diag);
	o->passphrase = kith_cli_passphrase_take(cli);
	return ask ? err : KITH_OK;
}

static bool stays_locked(const struct kith_cli *cli, const struct kith_node_options *o)
{
	bool protected;

	return o->locked && !o->passphrase &&
	       !kith_identity_is_protected(cli->home, &protected, NULL) && protected;
}

/* --- where ------------------------------------------------------------------------------------ */

#define STOP_MS 60000 /* what it writes at its end, on a slow machine */

/* What is to be set beside, or instead of, running. */
struct wish {
	const char *word;
	enum kith_where where;
	bool here;
};

static bool read_where(struct wish *w)
{
	for (int i = KITH_WHERE_EVERYWHERE; w->word && i <= KITH_WHERE_NEVER; i++)
		if (strcmp(w->word, kith_where_name((enum kith_where)i)) == 0) {
			w->where = (enum kith_where)i;
			return true;
		}
	return !w->word;
}

/* Who does it: a node that runs, one that starts now, or one of another day. */
enum when { BY_THE_NODE, NOW, LATER };

/* Each part once it is done; out at once, since what comes next may fail, or fork. */
static void say_where(const struct kith_cli *cli, enum kith_where where, enum when when)
{
	static const char *const words[] = {"everywhere from now on",
		"in networks where you met somebody, or that you mark with --here",
		"nowhere from now on"};

	kith_cli_say(cli, "People you know are recognised %s%s.", words[where],
		when == LATER ? ", when a node runs" : "");
	(void)fflush(stdout);
}

static void say_here(const struct kith_cli *cli, enum when when)
{
	kith_cli_say(cli, "This network is known from now on%s.",
		when == LATER ? ", when a node runs" : "");
	(void)fflush(stdout);
}

/* --json: what was set, whoever does it, and the process in the background; 0: none is meant. */
static void tell(const struct kith_cli *cli, const struct wish *w, long long pid)
{
	json_t *o = json_object();
	int bad = o ? 0 : -1;

	if (w->word || w->here)
		bad |= json_object_set_new(o, "where",
			       w->word ? json_string(kith_where_name(w->where)) : json_null()) |
		       json_object_set_new(o, "here", json_boolean(w->here));
	if (pid)
		bad |= json_object_set_new(o, "pid", json_integer((json_int_t)pid));
	kith_json_tell(cli, bad ? NULL : o);
	if (bad)
		json_decref(o);
}

/* By the node that runs. */
static int tell_node(struct kith_cli *cli, struct kith_client *client, const struct wish *w)
{
	struct kith_diag diag = {0};
	enum kith_err err = w->word ? kith_client_where(client, &w->where, false) : KITH_OK;

	if (!err && w->word && !(err = kith_node_answer(client, NULL, NULL, &diag)))
		say_where(cli, w->where, BY_THE_NODE);
	if (!err && w->here && !(err = kith_client_where(client, NULL, true)) &&
		!(err = kith_node_answer(client, NULL, NULL, &diag)))
		say_here(cli, BY_THE_NODE);
	return err ? kith_cli_fail(err, &diag) : 0;
}

static enum kith_err mark_here(
	struct kith_store *store, const char *interface, struct kith_diag *diag)
{
	struct kith_places places;
	enum kith_err err = kith_places_read(interface, &places);

	return err ? err : kith_places_mark(&places, store, kith_env_default()->wall(NULL), diag);
}

/* In the store, for the node that is to run. */
static bool set_wish(struct kith_cli *cli, const struct wish *w, const char *interface,
	enum when when, int *ret_status)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	enum kith_err err = KITH_OK;

	if (!kith_cli_store(cli, KITH_STORE_USE, &store, ret_status))
		return false;
	cli->new_day = false; /* it runs for weeks without a person */
	if (w->word && !(err = kith_store_setting_put(store, "where", (int64_t)w->where)))
		say_where(cli, w->where, when);
	if (!err && w->here && !(err = mark_here(store, interface, &diag)))
		say_here(cli, when);
	if (err)
		*ret_status =
			diag.text[0] ? kith_cli_fail(err, &diag) : kith_cli_fail_store(err, store);
	return !err;
}

/* --- in the background ------------------------------------------------------------------------ */

/* Where the parent learns that clients are served, and what goes wrong later. */
struct apart {
	int told;
	int log;
};

/* From here on nobody sits before it; and the home is ours, so what another left in the log is old. */
static void is_ready(void *ctx)
{
	struct apart *a = ctx;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setsid();
	(void)!ftruncate(a->log, 0);
	if (null >= 0) {
		(void)dup2(null, STDIN_FILENO);
		(void)dup2(null, STDOUT_FILENO);
		(void)close(null);
	}
	(void)dup2(a->log, STDERR_FILENO);
	(void)close(a->log);
	(void)!write(a->told, "", 1);
	(void)close(a->told);
}

/* The child has said that it serves, or has ended, with its reason on the screen. */
static int wait_for(struct kith_cli *cli, const struct wish *w, const struct kith_node_options *o,
	int fd, pid_t pid)
{
	char byte;
	ssize_t n;
	int status = 0;

	while ((n = read(fd, &byte, 1)) < 0 && errno == EINTR)
		;
	if (n == 1) {
		kith_cli_say(cli, "A node runs in the background (process %d)%s.", (int)pid,
			cli->passphrase_fd < 0 && stays_locked(cli, o)
				? ", and waits for the passphrase: kith unlock"
				: "");
		tell(cli, w, pid);
		return 0;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status)
		       ? WEXITSTATUS(status)
		       : kith_cli_error(KITH_ERR_NODE, "the node was killed before it served: %s",
				 strsignal(WTERMSIG(status)));
}

static enum kith_err open_log(const struct kith_cli *cli, int *ret_fd, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};

	if (!kith_path_join(&path, cli->home, KITH_HOME_NODE_LOG))
		return KITH_ERR_NOMEM;
	*ret_fd = open(
		(const char *)path.p, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	return *ret_fd < 0 ? kith_file_fail(diag, "write", (const char *)path.p) : KITH_OK;
}

static int run(const struct kith_node_options *o)
{
	struct kith_diag diag = {0};
	enum kith_err err = kith_node_run(o, &diag);

	if (err && o->client_fd >= 0)
		return kith_err_exit(err); /* the client has been told, and tells the person */
	return err ? kith_cli_fail(err, &diag) : 0;
}

/* The passphrase is asked for in the child: locked memory does not go along. */
static int detach(struct kith_cli *cli, const struct wish *w, struct kith_node_options *o)
{
	struct kith_diag diag = {0};
	struct apart a;
	int ends[2];
	enum kith_err err = open_log(cli, &a.log, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return kith_cli_error(KITH_ERR_IO, "no pipe: %s", strerror(errno));
	pid_t pid = fork();
	if (pid < 0)
		return kith_cli_error(KITH_ERR_NODE, "cannot start a node: %s", strerror(errno));
	if (pid > 0) {
		(void)close(ends[1]);
		return wait_for(cli, w, o, ends[0], pid);
	}
	(void)close(ends[0]);
	a.told = ends[1];
	o->ready = is_ready;
	o->ctx = &a;
	err = get_passphrase(cli, o, &diag);
	close_others(a.told, a.log);
	return err ? kith_cli_fail(err, &diag) : run(o);
}

/* --- the one that runs ------------------------------------------------------------------------ */

/* Says so when one runs in the background already; what runs for another window ends with that. */
static bool runs_already(struct kith_cli *cli, const struct wish *w)
{
	KITH_AUTO(kith_node_hang_up) struct kith_client *client = NULL;

	if (kith_node_running(cli, &client, NULL) || kith_client_status(client) ||
		kith_node_answer(client, NULL, NULL, NULL) ||
		!kith_client_state(client)->background)
		return false;
	kith_cli_say(cli, "A node runs already (process %lld).",
		(long long)kith_client_state(client)->pid);
	tell(cli, w, (long long)kith_client_state(client)->pid);
	return true;
}

/* How it is, which it says as long as it is there. */
static enum kith_err ask_state(struct kith_client *client, struct kith_diag *diag)
{
	enum kith_err err = kith_client_status(client);

	return err ? err : kith_node_answer(client, NULL, NULL, diag);
}

static enum kith_err end_process(struct kith_client *client, struct kith_diag *diag)
{
	pid_t pid = (pid_t)kith_client_state(client)->pid;
	KITH_AUTO_FD int fd = pidfd_open(pid, 0);
	enum kith_err err = fd < 0 ? KITH_ERR_NODE : ask_state(client, diag);

	/* it has answered since: the descriptor is that of the node, and of no later process */
	if (!err && pidfd_send_signal(fd, SIGTERM, NULL, 0) < 0)
		err = KITH_ERR_NODE;
	if (err)
		return diag->text[0] ? err
				     : kith_fail(diag, err, "process %d cannot be ended: %s",
					       (int)pid, strerror(errno));
	struct pollfd p = {.fd = fd, .events = POLLIN};
	return poll(&p, 1, STOP_MS) > 0
		       ? KITH_OK
		       : kith_fail(diag, KITH_ERR_NODE, "process %d does not end", (int)pid);
}

static int stop(struct kith_cli *cli)
{
	KITH_AUTO(kith_node_hang_up) struct kith_client *client = NULL;
	struct kith_diag diag = {0};
	enum kith_err err = kith_node_running(cli, &client, &diag);

	if (!err)
		err = ask_state(client, &diag);
	if (!err && !kith_client_state(client)->background)
		err = kith_fail(&diag, KITH_ERR_BUSY,
			"the node that runs belongs to another window, and ends with what runs there");
	if (!err)
		err = end_process(client, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	kith_cli_say(cli, "The node has ended (process %lld).",
		(long long)kith_client_state(client)->pid);
	tell(cli, &(struct wish){0}, (long long)kith_client_state(client)->pid);
	return 0;
}

/* --- the command ------------------------------------------------------------------------------ */

static enum kith_where where_now(struct kith_cli *cli)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	int64_t value;
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status) ||
		kith_store_setting(store, "where", &value))
		return KITH_WHERE_EVERYWHERE;
	return value == KITH_WHERE_KNOWN || value == KITH_WHERE_NEVER ? (enum kith_where)value
								      : KITH_WHERE_EVERYWHERE;
}

/* A node that begins with a locked key. */
static void is_waiting(void *ctx)
{
	kith_cli_say(ctx,
		"Waiting for the passphrase: kith unlock, in another window.  Ctrl-C ends it.");
	(void)fflush(stdout);
}

static void is_serving(void *ctx)
{
	static const char *const words[] = {[KITH_WHERE_EVERYWHERE] = "Recognising people",
		[KITH_WHERE_KNOWN] = "Recognising people, in networks that you know",
		[KITH_WHERE_NEVER] = "Recognising nobody, as you wished (kith node --where)"};

	kith_cli_say(ctx, "%s; Ctrl-C ends it.", words[where_now(ctx)]);
	(void)fflush(stdout);
}

static int start(
	struct kith_cli *cli, const struct wish *w, struct kith_node_options *o, bool apart)
{
	struct kith_diag diag = {0};

	if (apart)
		return detach(cli, w, o);
	enum kith_err err = get_passphrase(cli, o, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	close_others(o->client_fd, -1);
	if (o->client_fd < 0 && cli->tty) {
		o->ready = stays_locked(cli, o) ? is_waiting : is_serving;
		o->ctx = cli;
	}
	return run(o);
}

int kith_cmd_node(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_node_hang_up) struct kith_client *client = NULL;
	struct kith_node_options o = {.home = cli->home, .client_fd = -1};
	struct wish w = {0};
	const char *fd = NULL;
	bool apart = false, ends = false;
	int status;
	const struct kith_option options[] = {
		{"client-fd", 0, &fd, NULL},
		{"interface", 0, &o.interface, NULL},
		{"courier", 0, &o.courier, NULL},
		{"where", 0, &w.word, NULL},
		{"here", 0, NULL, &w.here},
		{"locked", 0, NULL, &o.locked},
		{"detach", 0, NULL, &apart},
		{"stop", 0, NULL, &ends},
	};

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(argv[0], "node takes no arguments");
	if (!read_where(&w))
		return kith_cli_usage(argv[0], "--where takes everywhere, known-networks or never");
	if (fd) {
		char *end;
		long v = strtol(fd, &end, 10);
		if (end == fd || *end || v < 3 || v > 1023)
			return kith_cli_usage(argv[0], "--client-fd takes a descriptor");
		o.client_fd = (int)v;
	}
	bool sets = (w.word || w.here) && !fd, runs = apart || o.locked || o.interface || o.courier;
	if (ends && (sets || fd || runs))
		return kith_cli_usage(argv[0], "--stop goes alone");
	if (!fd && !kith_cli_has_key(cli))
		return kith_cli_fail(KITH_ERR_NOIDENTITY, NULL);
	if (ends)
		return stop(cli);
	if (sets && !kith_node_running(cli, &client, NULL)) {
		if (runs && !apart)
			return kith_cli_error(KITH_ERR_BUSY,
				"a node runs already for this home, and nothing was changed; leave "
				"out all but --where and --here to tell it, or end it first (kith "
				"node --stop)");
		status = tell_node(cli, client, &w);
		if (!status && !apart)
			tell(cli, &w, 0);
		return status || !apart || runs_already(cli, &w) ? status
								 : start(cli, &w, &o, apart);
	}
	if (sets && !set_wish(cli, &w, o.interface, runs ? NOW : LATER, &status))
		return status;
	if (sets && !apart)
		tell(cli, &w, 0);
	if (sets && !runs)
		return 0;
	return apart && runs_already(cli, &w) ? 0 : start(cli, &w, &o, apart);
}
