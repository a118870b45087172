/* SPDX-License-Identifier: MIT
 *
 * demo - two people on this machine, each with a home, a node and a courier of their own, who find
 * each other by mDNS, compare the code and swap.  Nothing is short-cut; it only stays on the
 * loopback interface, so that nobody else on the network is bothered, and leaves nothing behind.
 */
#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kith/client.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "book/mine.h"
#include "cli/person.h"
#include "cli/signals.h"

#define LIMIT_MS 30000 /* by then it has failed */
#define WHERE    "the demo"

/* One of the two. */
struct actor {
	const char *name;
	const char *const *card; /* FIELD=VALUE, NULL at the end */
	struct kith_buf home;
	struct kith_client *client;
	char code[KITH_CODE_CHARS];      /* on the screen now; empty for none */
	char code_peer[KITH_PEER_CHARS]; /* with whom */
	char asking[KITH_PEER_CHARS];    /* whom this one has picked; empty for nobody */
	char sees[KITH_PEER_CHARS];      /* the other's row; empty while not there */
	unsigned attempt;                /* the one this one takes part in */
	bool swapped;
	uint8_t theirs[KITH_KEY_BYTES]; /* whose card was kept */
};

struct demo {
	struct kith_cli *cli;
	struct kith_buf folder; /* holds both homes; removed at the end */
	struct actor actor[2];
	uint64_t begun;
	unsigned attempts; /* how often Ada has picked */
	unsigned over;     /* the last attempt that failed for one of them */
	struct kith_diag diag;
};

static const char *const ada_card[] = {"name=Ada Lovelace", "email.work=ada@example.org",
	"title=Analyst", "org=Analytical Engines", "offers=Programs for engines", "asks=An engine",
	NULL};
static const char *const grace_card[] = {"name=Grace Hopper", "email=grace@example.org",
	"tel.mobile=+1 202 555 0143", "pronouns=she/her", "offers=Compilers",
	"note=Ask me about nanoseconds", NULL};

static uint64_t now_ms(void)
{
	return kith_env_default()->ticks(NULL);
}

static struct actor *other(struct demo *d, struct actor *a)
{
	return a == &d->actor[0] ? &d->actor[1] : &d->actor[0];
}

static void tell(struct demo *d, const struct actor *a, const char *fmt, ...) KITH_PRINTF(3, 4);
static void tell(struct demo *d, const struct actor *a, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	kith_cli_say(d->cli, "%5.2f s  %-5s  %s", (double)(now_ms() - d->begun) / 1000,
		a ? a->name : "", text);
	(void)fflush(stdout); /* as it happens, through a pipe too */
}

/* --- homes ------------------------------------------------------------------------------------ */

static enum kith_err make_card(struct actor *a, struct kith_store *store,
	const struct kith_identity *id, struct kith_diag *diag)
{
	struct kith_fields fields = {0};
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && a->card[i]; i++)
		err = kith_my_parse(a->card[i], &fields.at[fields.n++], diag);
	return err ? err : kith_my_first(store, id, &fields, false, diag);
}

static enum kith_err make_home(struct demo *d, struct actor *a)
{
	struct kith_identity *id = NULL;
	struct kith_store *store = NULL;
	enum kith_err err;

	if (!kith_path_join(&a->home, (const char *)d->folder.p, a->name))
		return KITH_ERR_NOMEM;
	const char *home = (const char *)a->home.p;
	err = kith_folder_private(home, &d->diag);
	if (!err)
		err = kith_identity_new(NULL, &id);
	if (!err)
		err = kith_identity_save(id, home, &d->diag);
	if (!err)
		err = kith_store_open(home, KITH_STORE_WRITE, &store, &d->diag);
	if (!err)
		err = make_card(a, store, id, &d->diag);
	kith_store_close(store);
	kith_identity_free(id);
	return err;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static enum kith_err make_folder(struct demo *d)
{
	const char *tmp = getenv("TMPDIR");
	char path[3000];

	(void)snprintf(path, sizeof path, "%s/kith-demo-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(path))
		return kith_fail(&d->diag, KITH_ERR_IO, "cannot make a folder like %s: %s", path,
			strerror(errno));
	if (kith_buf_add_str(&d->folder, path) || !kith_buf_cstr(&d->folder))
		return KITH_ERR_NOMEM;
	/* The nodes' sockets go in there too, and so go with it. */
	(void)setenv("XDG_RUNTIME_DIR", path, 1);
	return KITH_OK;
}

static enum kith_err begin(struct demo *d)
{
	enum kith_err err = make_folder(d);

	for (size_t i = 0; !err && i < 2; i++)
		err = make_home(d, &d->actor[i]);
	for (size_t i = 0; !err && i < 2; i++) {
		struct actor *a = &d->actor[i];
		struct kith_client_options o = {.home = (const char *)a->home.p, .interface = "lo"};
		err = kith_client_open(&o, &a->client, &d->diag);
		if (!err)
			err = kith_client_swap(
				a->client, &(struct kith_swap_options){.event = WHERE});
		tell(d, a, "runs kith swap");
	}
	return err;
}

static void finish(struct demo *d)
{
	for (size_t i = 0; i < 2; i++) {
		kith_client_close(d->actor[i].client);
		kith_buf_free(&d->actor[i].home);
	}
	if (d->folder.n)
		(void)nftw((const char *)d->folder.p, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	kith_buf_free(&d->folder);
}

/* --- the play --------------------------------------------------------------------------------- */

/* Ada is the one who picks; Grace says yes. */
static enum kith_err pick(struct demo *d, struct actor *a)
{
	if (a != &d->actor[0] || !a->sees[0] || a->asking[0] || a->swapped)
		return KITH_OK;
	memcpy(a->asking, a->sees, sizeof a->asking);
	a->attempt = ++d->attempts;
	tell(d, a, "picks her");
	return kith_client_pick(a->client, a->asking);
}

/* A courier that died leaves a row behind and comes back as another one: that is the one to pick,
 * now or when it is seen.  The same row is tried again by the node itself. */
static enum kith_err give_up(struct demo *d, struct actor *a, const char *peer)
{
	if (strcmp(a->asking, peer) != 0)
		return KITH_OK;
	a->asking[0] = 0;
	return strcmp(a->sees, peer) != 0 ? pick(d, a) : KITH_OK;
}

/* The line broke for one: a code that stands on the other's screen is compared with nobody's. */
static enum kith_err drop_code(struct actor *a)
{
	if (!a->code[0])
		return KITH_OK;
	a->code[0] = 0;
	return kith_client_cancel(a->client, a->code_peer);
}

static enum kith_err cut_off(struct demo *d, struct actor *a, enum kith_err why)
{
	tell(d, a, "was cut off (%s); once more", kith_err_text(why));
	a->code[0] = a->asking[0] = 0;
	if (d->over < a->attempt)
		d->over = a->attempt;
	enum kith_err err = other(d, a)->attempt <= d->over ? drop_code(other(d, a)) : KITH_OK;
	return err ? err : pick(d, a);
}

/* Both look at their screens. */
static enum kith_err compare(struct demo *d, struct actor *reader)
{
	struct actor *a = &d->actor[0], *b = &d->actor[1];
	bool same = strcmp(a->code, b->code) == 0;
	enum kith_err err;

	if (reader->attempt <= d->over)
		return drop_code(reader);
	if (!a->code[0] || !b->code[0])
		return KITH_OK;
	tell(d, NULL, "%s",
		same ? "both screens show the same code: both say so"
		     : "the codes differ: somebody else was here");
	err = kith_client_compared(a->client, a->code_peer, same);
	if (!err)
		err = kith_client_compared(b->client, b->code_peer, same);
	a->code[0] = b->code[0] = 0;
	return err;
}

static enum kith_err take(struct demo *d, struct actor *a, const struct kith_client_event *ev)
{
	char name[128];

	kith_show_in(name, sizeof name, kith_span_str(ev->name), 40);
	switch (ev->kind) {
	case KITH_EVENT_READY:
		tell(d, a, "is visible as %s (%s)", name,
			ev->discovery == 2 ? "through the Avahi daemon" : "by avahi-core");
		break;
	case KITH_EVENT_SEEN:
		if (strcmp(ev->name, a == &d->actor[0] ? "Grace Hopper" : "Ada Lovelace") != 0)
			break;
		memcpy(a->sees, ev->peer, sizeof a->sees);
		tell(d, a, "sees %s (%s)", name, ev->peer);
		return pick(d, a);
	case KITH_EVENT_GONE:
		if (strcmp(a->sees, ev->peer) == 0)
			a->sees[0] = 0;
		break;
	case KITH_EVENT_REQUEST:
		a->attempt = d->attempts;
		tell(d, a, "is asked by %s, and says yes", name);
		return kith_client_answer(a->client, ev->peer, true);
	case KITH_EVENT_CODE:
		memcpy(a->code, ev->code, sizeof a->code);
		memcpy(a->code_peer, ev->peer, sizeof a->code_peer);
		tell(d, a, "reads %.3s %s", ev->code, ev->code + 3);
		return compare(d, a);
	case KITH_EVENT_SWAPPED:
		a->swapped = true;
		memcpy(a->theirs, ev->ik, sizeof a->theirs);
		tell(d, a, "has %s's card%s", other(d, a)->name,
			ev->delivered ? ", and a receipt for her own" : "");
		break;
	case KITH_EVENT_FAILED:
		return cut_off(d, a, ev->error);
	case KITH_EVENT_REFUSED:
		return kith_fail(&d->diag, ev->error, "%s", ev->text);
	case KITH_EVENT_NOTICE:
		tell(d, a, "%s", ev->text);
		break;
	case KITH_EVENT_UNREACHABLE:
		return give_up(d, a, ev->peer);
	case KITH_EVENT_WITHDRAWN:
	case KITH_EVENT_ASKING:
	case KITH_EVENT_CALLING:
	case KITH_EVENT_INVITE:
	case KITH_EVENT_HELD:
	case KITH_EVENT_STATE:
	case KITH_EVENT_HERE:
	case KITH_EVENT_AWAY:
	case KITH_EVENT_CHANGED:
		break;
	}
	return KITH_OK;
}

static enum kith_err listen_to(struct demo *d, struct actor *a)
{
	struct kith_client_event ev;
	enum kith_err err;

	while (!(err = kith_client_next(a->client, &ev)))
		if ((err = take(d, a, &ev)))
			return err;
	return err == KITH_ERR_MISSING ? KITH_OK : err;
}

static enum kith_err play(struct demo *d, int signals)
{
	enum kith_err err = KITH_OK;

	while (!err && !(d->actor[0].swapped && d->actor[1].swapped)) {
		uint64_t past = now_ms() - d->begun;
		struct pollfd p[] = {{kith_client_fd(d->actor[0].client), POLLIN, 0},
			{kith_client_fd(d->actor[1].client), POLLIN, 0}, {signals, POLLIN, 0}};
		if (past >= LIMIT_MS)
			return kith_fail(&d->diag, KITH_ERR_TIMEOUT,
				"the two did not meet within %d seconds; is the loopback interface "
				"up (ip link set lo up)?",
				LIMIT_MS / 1000);
		if (poll(p, 3, (int)(LIMIT_MS - past)) < 0 && errno != EINTR)
			return KITH_ERR_IO;
		if (p[2].revents && kith_signals_take(signals))
			return kith_fail(&d->diag, KITH_ERR_TIMEOUT, "interrupted");
		for (size_t i = 0; !err && i < 2; i++)
			if (p[i].revents)
				err = listen_to(d, &d->actor[i]);
	}
	return err;
}

/* --- what each one holds now ------------------------------------------------------------------ */

/* The other's card, from the store, signature verified once more. */
static enum kith_err check(struct demo *d, struct actor *a, json_t *people)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_FREE struct kith_card *card = malloc(sizeof *card);
	enum kith_err err = card ? KITH_OK : KITH_ERR_NOMEM;

	if (!err)
		err = kith_store_open((const char *)a->home.p, KITH_STORE_READ, &store, &d->diag);
	if (!err)
		err = kith_store_contact_of(store, a->theirs, &c);
	if (!err)
		err = kith_card_verify(c.envelope, card);
	if (!err && (memcmp(card->ik, a->theirs, sizeof card->ik) != 0 || !c.delivered))
		err = KITH_ERR_SUBJECT;
	if (err)
		return kith_fail(&d->diag, err,
			"%s's store does not hold the card as it should: %s", a->name,
			kith_err_text(err));
	if (d->cli->json)
		return json_array_append_new(people, kith_person_json(store, c.row))
			       ? KITH_ERR_NOMEM
			       : KITH_OK;
	kith_cli_say(d->cli, "\n%s's store now holds:", a->name);
	return d->cli->quiet ? KITH_OK : kith_person_print(store, c.row, stdout);
}

static enum kith_err report(struct demo *d)
{
	json_t *people = json_array();
	double seconds = (double)(now_ms() - d->begun) / 1000;
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < 2; i++)
		err = check(d, &d->actor[i], people);
	if (!err && d->cli->json) {
		json_t *answer = json_pack("{s:f,s:O}", "seconds", seconds, "contacts", people);
		kith_json_line(stdout, answer);
		json_decref(answer);
	}
	json_decref(people);
	if (!err)
		kith_cli_say(d->cli,
			"\nBoth cards verify. It took %.2f seconds, and nothing of it is "
			"left on this machine.",
			seconds);
	return err;
}

int kith_cmd_demo(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO_FREE struct demo *d = calloc(1, sizeof *d);
	sigset_t before;
	int status;

	if (!d)
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(argv[0], "demo takes no arguments");
	d->cli = cli;
	d->begun = now_ms();
	d->actor[0] = (struct actor){.name = "Ada", .card = ada_card};
	d->actor[1] = (struct actor){.name = "Grace", .card = grace_card};
	KITH_AUTO_FD int signals = kith_signals_watch(&before);
	enum kith_err err = begin(d);
	if (!err)
		err = play(d, signals);
	if (!err)
		err = report(d);
	finish(d);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return err ? kith_cli_fail(err, &d->diag) : 0;
}
