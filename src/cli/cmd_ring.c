/* SPDX-License-Identifier: MIT
 *
 * ring - the rings around me, and who is in which.
 */
#include <stdlib.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/about.h"
#include "cli/args.h"
#include "cli/introfile.h"
#include "cli/lines.h"
#include "cli/person.h"
#include "cli/rings.h"
#include "cli/when.h"
#include "cli/words.h"

#define COMMAND "ring"
#define HANG    5 /* columns before what does not fit on a line */

/* What is asked for. */
struct wish {
	const char *out; /* who moves out */
	const char *room;
	const char *every;
	const char *place;
};

/* The ring of that name.  False with the status set, and told. */
static bool find(
	struct kith_store *store, const char *name, struct kith_ring_copy *ret, int *ret_status)
{
	char shown[4 * KITH_TAG_MAX];
	enum kith_err err = kith_ring_named(store, name, ret);

	if (err == KITH_ERR_MISSING)
		*ret_status = kith_cli_error(err, "there is no ring \"%s\"; kith ring lists them",
			kith_show_in(shown, sizeof shown, kith_span_str(name), KITH_TAG_MAX));
	else if (err)
		*ret_status = kith_cli_fail_store(err, store);
	return !err;
}

/* --- the rings -------------------------------------------------------------------------------- */

struct list {
	json_t *array; /* NULL: as lines */
	enum kith_err err;
};

static void print_ring(const struct kith_ring *r)
{
	char shown[4 * KITH_TAG_MAX + 8], every[KITH_EVERY_CHARS];

	kith_lines_print(HANG, "%-12s  %zu of %u  %s\n",
		kith_show_in(shown, sizeof shown, r->name, KITH_TAG_MAX), r->people,
		(unsigned)r->room, kith_about_every(r->rhythm, every));
}

static bool list_one(void *ctx, const struct kith_ring *r)
{
	struct list *l = ctx;

	if (!l->array)
		print_ring(r);
	else if (json_array_append_new(l->array, kith_ring_json(r)))
		l->err = KITH_ERR_NOMEM;
	return !l->err;
}

static int list(struct kith_cli *cli)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct list l = {0};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	if (cli->json && !(l.array = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	enum kith_err err = kith_store_rings(store, list_one, &l);
	if (!err)
		err = l.err;
	if (err) {
		json_decref(l.array);
		return kith_cli_fail_store(err, store);
	}
	kith_json_tell(cli, l.array);
	return 0;
}

/* --- one ring --------------------------------------------------------------------------------- */

/* Those in a ring, longest without a contact first. */
struct people {
	struct kith_store *store;
	json_t *array; /* NULL: as lines */
	bool numbered; /* to be picked by number */
	size_t pick;   /* which one picked is to be, nothing is printed; 0: none */
	int64_t picked;
	size_t n;
	enum kith_err err;
};

static enum kith_err add_person(
	struct people *p, const struct kith_contact *c, const struct kith_memory *m)
{
	char at[KITH_DATE_CHARS], since[KITH_DATE_CHARS];
	json_t *o = kith_person_brief(p->store, c->row);

	int bad = json_object_set_new(o, "touched",
		m->touched ? json_string(kith_words_iso(m->touched, at)) : json_null());
	bad |= json_object_set_new(o, "since", json_string(kith_words_iso(m->ring_at, since)));
	if (!bad && json_array_append_new(p->array, o) == 0)
		return KITH_OK;
	if (bad)
		json_decref(o);
	return KITH_ERR_NOMEM;
}

static void print_person(
	const struct people *p, const struct kith_contact *c, const struct kith_memory *m)
{
	char name[KITH_QUOTED_BYTES], date[KITH_DATE_CHARS], number[32] = "";

	if (p->numbered)
		(void)snprintf(number, sizeof number, "%3zu  ", p->n);
	kith_lines_print(HANG, "%s%s  %s%s\n", number, kith_held_quoted(c->name, name),
		m->touched ? "last contact " : "no contact yet",
		m->touched ? kith_words_date(m->touched, date) : "");
}

static bool each_person(void *ctx, const struct kith_contact *c)
{
	struct people *p = ctx;
	struct kith_memory m;

	p->n++;
	if (p->n == p->pick)
		p->picked = c->row;
	if (p->pick)
		return true;
	p->err = kith_store_memory(p->store, c->row, kith_when_now(), &m);
	if (p->err)
		return false;
	if (p->array)
		p->err = add_person(p, c, &m);
	else
		print_person(p, c, &m);
	return !p->err;
}

static int show(struct kith_cli *cli, const char *name)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_ring_copy ring;
	struct people p = {0};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status) ||
		!find(store, name, &ring, &status))
		return status;
	p.store = store;
	if (cli->json && !(p.array = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!cli->json)
		print_ring(&ring.ring);
	enum kith_err err = kith_store_ring_people(store, ring.ring.row, each_person, &p);
	if (!err)
		err = p.err;
	if (err) {
		json_decref(p.array);
		return kith_cli_fail_store(err, store);
	}
	if (!cli->json)
		return 0;
	json_t *o = kith_ring_json(&ring.ring);
	if (json_object_set_new(o, "members", p.array)) {
		json_decref(o);
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	}
	kith_json_tell(cli, o);
	return 0;
}

/* --- what they are like ----------------------------------------------------------------------- */

static bool read_number(const char *text, uint32_t most, uint32_t *ret)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (*text < '1' || *text > '9' || *end || v > most)
		return false;
	*ret = (uint32_t)v;
	return true;
}

/* "none", or so many days, weeks, months of 30 days, years of 365. */
static bool read_every(const char *text, uint32_t *ret)
{
	static const char units[] = "dwmy";
	static const uint32_t days[] = {1, 7, 30, 365};
	char *end;
	unsigned long n = strtoul(text, &end, 10);
	const char *unit = *end ? strchr(units, *end) : NULL;

	*ret = 0;
	if (strcmp(text, "none") == 0)
		return true;
	if (*text < '1' || *text > '9' || !unit || end[1] || n > KITH_RHYTHM_MAX)
		return false;
	*ret = (uint32_t)n * days[unit - units];
	return *ret <= KITH_RHYTHM_MAX;
}

static int read_wish(const struct wish *w, struct kith_ring *r)
{
	if (w->room && !read_number(w->room, KITH_RING_ROOM_MAX, &r->room))
		return kith_cli_usage(
			COMMAND, "--room is a number of people, 1 to %d", KITH_RING_ROOM_MAX);
	if (w->place && !read_number(w->place, KITH_RINGS_MAX, &r->place))
		return kith_cli_usage(
			COMMAND, "--place is a number, 1 the nearest, at most %d", KITH_RINGS_MAX);
	if (w->every && !read_every(w->every, &r->rhythm))
		return kith_cli_usage(COMMAND,
			"--every is 10d, 4w, 6m, 1y (a month counts 30 days, a year 365; at most %d days), or "
			"none",
			KITH_RHYTHM_MAX);
	return 0;
}

static int fail_set(enum kith_err err, const struct kith_store *store, const char *name)
{
	char shown[128];

	kith_show_in(shown, sizeof shown, kith_span_str(name), 40);
	if (err == KITH_ERR_VALUE)
		return kith_cli_error(KITH_ERR_USAGE,
			"\"%s\" is no name for a ring: one word of letters, digits, - and _, and not "
			"none",
			shown);
	if (err == KITH_ERR_LIMIT && strlen(name) > KITH_TAG_MAX)
		return kith_cli_error(
			KITH_ERR_USAGE, "the name of a ring has at most %d bytes", KITH_TAG_MAX);
	if (err == KITH_ERR_LIMIT)
		return kith_cli_error(
			KITH_ERR_BUSY, "there can be at most %d rings", KITH_RINGS_MAX);
	return kith_cli_fail_store(err, store);
}

static int set(struct kith_cli *cli, const struct wish *w, const char *name)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_ring_copy now;
	struct kith_ring wanted = {.name = kith_span_str(name)};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	enum kith_err err = kith_ring_named(store, name, &now);
	bool new = err == KITH_ERR_MISSING;
	if (err && !new)
		return kith_cli_fail_store(err, store);
	if (new && !w->room)
		return kith_cli_usage(COMMAND, "there is no such ring yet; a new one needs --room");
	if (!new) {
		wanted = now.ring;
		wanted.place = 0;
	}
	if ((status = read_wish(w, &wanted)))
		return status;
	if ((err = kith_store_ring_put(store, &wanted)))
		return fail_set(err, store, name);
	if ((err = kith_ring_named(store, name, &now)))
		return kith_cli_fail_store(err, store);
	if (cli->json)
		kith_json_tell(cli, kith_ring_json(&now.ring));
	else if (!cli->quiet)
		print_ring(&now.ring);
	return 0;
}

static int remove_ring(struct kith_cli *cli, const char *name)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_ring_copy ring;
	int status;

	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!find(store, name, &ring, &status))
		return status;
	enum kith_err err = kith_store_ring_remove(store, ring.ring.name);
	if (err)
		return kith_cli_fail_store(err, store);
	if (ring.ring.people == 0)
		kith_cli_say(cli, "The ring %s is removed; nobody was in it.", ring.name);
	else
		kith_cli_say(cli, "The ring %s is removed; the %zu %s in it %s in none now.",
			ring.name, ring.ring.people, ring.ring.people == 1 ? "person" : "people",
			ring.ring.people == 1 ? "is" : "are");
	if (cli->json)
		kith_json_tell(cli, kith_ring_json(&ring.ring));
	return 0;
}

/* --- who is in them --------------------------------------------------------------------------- */

/* A person who is to move. */
struct moving {
	struct kith_cli *cli;
	struct kith_store *store;
	struct kith_about who;
	struct kith_ring_copy to; /* row 0: none */
	struct kith_about out;    /* row 0: nobody */
};

/* Is that one in the ring, so that they can move out?  False with the status set, and told. */
static bool is_inside(struct moving *m, int64_t row, int *ret_status)
{
	struct kith_memory memory;

	if (!kith_about_row(m->store, row, &m->out, ret_status))
		return false;
	enum kith_err err = kith_store_memory(m->store, row, kith_when_now(), &memory);
	if (err)
		*ret_status = kith_cli_fail_store(err, m->store);
	else if (row == m->who.row)
		*ret_status =
			kith_cli_usage(COMMAND, "%s cannot move in and out at once", m->out.name);
	else if (memory.ring != m->to.ring.row)
		*ret_status = kith_cli_usage(COMMAND, "%s is not in %s", m->out.name, m->to.name);
	else
		return true;
	return false;
}

/* Asks who moves out, by number or WHO.  False with the status set, and told. */
static bool ask(struct moving *m, int *ret_status)
{
	KITH_AUTO_BUF struct kith_buf line = {0};
	struct people p = {.store = m->store, .numbered = true};
	struct kith_about out;
	char *end;

	(void)printf("%s is full; who moves out?  Longest without a contact first:\n", m->to.name);
	enum kith_err err = kith_store_ring_people(m->store, m->to.ring.row, each_person, &p);
	if (err || p.err) {
		*ret_status = kith_cli_fail_store(err ? err : p.err, m->store);
		return false;
	}
	if (!kith_cli_ask("A number, or a name; nothing: nobody: ", &line) || line.n == 0) {
		*ret_status = kith_cli_error(KITH_ERR_DECLINED, "nobody moved");
		return false;
	}
	unsigned long n = strtoul((const char *)line.p, &end, 10);
	if (!*end && n >= 1 && n <= p.n) {
		struct people picked = {.store = m->store, .pick = n};
		err = kith_store_ring_people(m->store, m->to.ring.row, each_person, &picked);
		if (err)
			*ret_status = kith_cli_fail_store(err, m->store);
		return !err && is_inside(m, picked.picked, ret_status);
	}
	return kith_about_who(m->cli, m->store, (const char *)line.p, &out, ret_status) &&
	       is_inside(m, out.row, ret_status);
}

/* Both moves, or none. */
static enum kith_err move_both(struct moving *m)
{
	enum kith_err err = kith_store_batch(m->store);

	if (err)
		return err;
	struct kith_memory out = {0};
	if (m->out.row)
		err = kith_store_memory(m->store, m->out.row, kith_when_now(), &out);
	if (!err && out.ring != m->to.ring.row) /* moved by another kith since they were picked */
		m->out.row = 0;
	if (!err && m->out.row)
		err = kith_store_ring_move(m->store, m->out.row, 0, kith_when_now());
	if (!err)
		err = kith_store_ring_move(m->store, m->who.row, m->to.ring.row, kith_when_now());
	enum kith_err ended = kith_store_batch_end(m->store, !err);
	return err ? err : ended;
}

static int tell(struct moving *m)
{
	json_t *ring = m->to.ring.row ? kith_json_text(m->to.ring.name) : json_null();

	if (m->to.ring.row)
		kith_about_back(m->cli, &m->who);
	if (m->out.row)
		kith_cli_say(m->cli, "%s is in no ring now.", m->out.name);
	kith_cli_say(m->cli, "%s is in %s.", m->who.name, m->to.ring.row ? m->to.name : "no ring");
	if (m->cli->json && m->out.row)
		kith_json_tell(m->cli, json_pack("{s:s,s:o,s:s}", "id", m->who.id, "ring", ring,
					       "out", m->out.id));
	else if (m->cli->json)
		kith_json_tell(m->cli, json_pack("{s:s,s:o}", "id", m->who.id, "ring", ring));
	else
		json_decref(ring);
	return 0;
}

static int move(struct moving *m)
{
	int status;
	enum kith_err err = move_both(m);

	if (err == KITH_ERR_LIMIT && m->to.ring.people > m->to.ring.room)
		return kith_cli_error(KITH_ERR_BUSY,
			"%s has room for %u and holds %zu: one who moves out is not enough; make it larger: "
			"kith ring set %s --room N",
			m->to.name, (unsigned)m->to.ring.room, m->to.ring.people, m->to.name);
	if (err == KITH_ERR_LIMIT && m->cli->tty && !m->cli->json && !m->out.row) {
		if (!ask(m, &status))
			return status;
		err = move_both(m);
	}
	if (err == KITH_ERR_LIMIT)
		return kith_cli_error(KITH_ERR_BUSY,
			"%s is full: it has room for %u; say who moves out with --out WHO, or make it "
			"larger: kith ring set %s --room N",
			m->to.name, (unsigned)m->to.ring.room, m->to.name);
	return err ? kith_cli_fail_store(err, m->store) : tell(m);
}

static int put(struct kith_cli *cli, const struct wish *w, const char *who, const char *ring)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct moving m = {.cli = cli};
	bool none = strcmp(ring, "none") == 0;
	struct kith_about out;
	int status;

	if (none && w->out)
		return kith_cli_usage(COMMAND, "--out goes with a ring");
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!kith_about_who(cli, store, who, &m.who, &status) ||
		(!none && !find(store, ring, &m.to, &status)))
		return status;
	m.store = store;
	if (w->out && (!kith_about_who(cli, store, w->out, &out, &status) ||
			      !is_inside(&m, out.row, &status)))
		return status;
	return move(&m);
}

/* --- the command ------------------------------------------------------------------------------ */

int kith_cmd_ring(struct kith_cli *cli, int argc, char **argv)
{
	struct wish w = {0};
	const struct kith_option options[] = {{.name = "out", .value = &w.out},
		{.name = "room", .value = &w.room}, {.name = "every", .value = &w.every},
		{.name = "place", .value = &w.place}};
	int status;

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	bool sets = argc == 3 && strcmp(argv[1], "set") == 0;
	if (!sets && (w.room || w.every || w.place))
		return kith_cli_usage(
			argv[0], "--room, --every and --place go with kith ring set NAME");
	if (w.out && (argc != 3 || sets))
		return kith_cli_usage(argv[0], "--out goes with kith ring WHO RING");
	if (argc == 1)
		return list(cli);
	if (sets)
		return set(cli, &w, argv[2]);
	if (argc == 3 && strcmp(argv[1], "show") == 0)
		return show(cli, argv[2]);
	if (argc == 3 && strcmp(argv[1], "remove") == 0)
		return remove_ring(cli, argv[2]);
	if (argc != 3)
		return kith_cli_usage(argv[0], "say whom and where: kith ring ada inner");
	return put(cli, &w, argv[1], argv[2]);
}
