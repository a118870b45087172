/* SPDX-License-Identifier: MIT */
#include "session/room.h"

#include "crypto/exchange.h"
#include "session/row.h"

#define IDLE_TICK_MS 60000

enum kith_err kith_room_new(const struct kith_env *env, const struct kith_self *self,
	const struct kith_room_host *host, struct kith_room **ret)
{
	struct kith_room *room = env->alloc(env->ctx, sizeof *room);

	if (!room)
		return KITH_ERR_NOMEM;
	room->env = env;
	room->self = self;
	room->host = *host;
	/* Not 1: the courier may still be at work on the numbers of the room before. */
	env->random(env->ctx, (uint8_t *)&room->next_conn, sizeof room->next_conn);
	room->next_conn = (room->next_conn & 0x3fffffff) | 1;
	env->random(env->ctx, room->salt, sizeof room->salt);
	if (!room->host.failures)
		room->host.failures = &room->failures;
	*ret = room;
	return KITH_OK;
}

void kith_room_free(struct kith_room *room)
{
	if (!room)
		return;
	while (room->lines) {
		struct line *line = room->lines;
		if (line->session && kith_session_step(line->session) >= KITH_STEP_ASKED)
			kith_session_abort(line->session, KITH_ABORT_CANCEL, KITH_ERR_BROKEN);
		/* Who leaves at the sight of two codes has seen a failure. */
		if (line->row && line->session && kith_session_spent(line->session) &&
			!kith_session_agreed(line->session))
			failure_count(line);
		line_close(line);
	}
	for (struct row *r = room->rows; r; r = r->next) {
		r->seen = r->invited = r->known = false;
		r->wanted_until = 0;
	}
	rows_sweep(room);
	room->env->release(room->env->ctx, room, sizeof *room);
}

/* --- what happens ----------------------------------------------------------------------------- */

static bool is_mine(const struct kith_room *room, const uint8_t key[static 32])
{
	for (size_t i = 0; i < room->owns; i++)
		if (memcmp(room->own[i], key, 32) == 0)
			return true;
	return false;
}

void kith_room_key(struct kith_room *room, const uint8_t key[static 32])
{
	if (room->owns && memcmp(room->own[0], key, 32) == 0)
		return;
	memmove(room->own[1], room->own[0], sizeof room->own - sizeof room->own[0]);
	memcpy(room->own[0], key, 32);
	if (room->owns < OWN_KEYS)
		room->owns++;
	meet_key(room);
}

void kith_room_seen(struct kith_room *room, const uint8_t key[static 32], struct kith_span name)
{
	bool welcome = !is_mine(room, key) && !kith_key_is_weak(key) &&
		       (room->row_count < KITH_ROWS_MAX || row_find(room, key));
	struct row *row = welcome ? row_make(room, key) : NULL;

	if (!row)
		return;
	bool back = !row->told;
	bool news = back || !kith_span_eq(kith_span_str(row->name), name);
	if (name.n || !row->asker)
		row_name(row, name);
	meet_seen(room, row);
	row->seen = true;
	row->told = true;
	if (news)
		row_tell(room, row, KITH_NEWS_SEEN);
	if (back && row->known)
		meet_tell(room, row, KITH_NEWS_KNOWN);
	if (row->wanted_until && !row->dial)
		row->redial_at = now_of(room); /* a new address: worth a try */
	rows_sweep(room);
}

void kith_room_gone(struct kith_room *room, const uint8_t key[static 32])
{
	struct row *row = row_find(room, key);

	if (row)
		row_unseen(room, row);
	rows_sweep(room);
}

uint64_t room_luck(struct kith_room *room, uint64_t n)
{
	uint64_t x;

	room->env->random(room->env->ctx, (uint8_t *)&x, sizeof x);
	return x % n;
}

static void open_inbound(struct kith_room *room, uint32_t conn, const uint8_t key[static 32],
	const uint8_t own[static 32], struct kith_span network,
	const uint8_t source[static KITH_SOURCE_BYTES])
{
	bool serves = room->self && (room->self->swaps || room->self->known);
	struct line *line = NULL;

	if (serves && !is_mine(room, key) && is_mine(room, own) && !kith_key_is_weak(key))
		line = line_new(room, conn, key, true);
	if (!line) {
		room->host.close(room->host.ctx, conn);
		return;
	}
	memcpy(line->source, source, sizeof line->source);
	if (line_open(line, own, network))
		line_end(line, KITH_ERR_NOMEM);
}

static void open_dial(struct kith_room *room, uint32_t conn, const uint8_t key[static 32],
	const uint8_t own[static 32], struct kith_span network,
	const uint8_t source[static KITH_SOURCE_BYTES])
{
	struct line *line = line_find(room, conn);

	if (!line || line->inbound || line->session)
		return;
	if (memcmp(line->key, key, 32) != 0 || !is_mine(room, own)) {
		line_end(line, KITH_ERR_UNREACHABLE);
		return;
	}
	memcpy(line->source, source, sizeof line->source);
	enum kith_err err = line_open(line, own, network);
	if (!err)
		line_expect(line);
	if (err)
		line_end(line, err);
}

enum kith_err kith_room_opened(struct kith_room *room, uint32_t conn, const uint8_t key[static 32],
	const uint8_t own[static 32], bool inbound, struct kith_span network,
	const uint8_t source[static KITH_SOURCE_BYTES])
{
	if (inbound && line_find(room, conn))
		return KITH_ERR_STATE;
	if (inbound)
		open_inbound(room, conn, key, own, network, source);
	else
		open_dial(room, conn, key, own, network, source);
	rows_sweep(room);
	return KITH_OK;
}

void kith_room_bytes(struct kith_room *room, uint32_t conn, struct kith_span message)
{
	struct line *line = line_find(room, conn);

	if (!line || !line->session || line->over)
		return;
	enum kith_err err = kith_session_take(line->session, message);
	if (err)
		line_end(line, err);
	else
		line_look(line);
	rows_sweep(room);
}

void kith_room_closed(struct kith_room *room, uint32_t conn)
{
	struct line *line = line_find(room, conn);

	if (!line)
		return;
	line->standing = false;
	/* A code that is on the screen may still be answered: "same" then writes the pending row. */
	if (line->session && kith_session_step(line->session) == KITH_STEP_COMPARING) {
		row_tell(room, line->row, KITH_NEWS_CUT);
		return;
	}
	line_end(line, line->session ? KITH_ERR_BROKEN : KITH_ERR_UNREACHABLE);
	rows_sweep(room);
}

void kith_room_lost(struct kith_room *room)
{
	bool again = true;

	for (struct row *r = room->rows; r; r = r->next) {
		row_unseen(room, r);
		if (r->asking != ASKING_SHOWN)
			r->asking = ASKING_NO; /* nobody is answered on a line that is gone */
	}
	while (again) {
		again = false;
		for (struct line *l = room->lines; l; l = l->next) {
			if (!l->standing)
				continue;
			kith_room_closed(room, l->conn); /* may free any line: start over */
			again = true;
			break;
		}
	}
	rows_sweep(room);
}

/* --- time ------------------------------------------------------------------------------------- */

static struct line *late_line(struct kith_room *room, uint64_t now)
{
	for (struct line *l = room->lines; l; l = l->next)
		if (now >= l->deadline || now >= l->ends)
			return l;
	return NULL;
}

static void wish(struct kith_room *room, struct row *row, uint64_t now)
{
	if (now >= row->wanted_until) {
		pick_drop(row);
		row_tell_failed(room, row, KITH_ERR_UNREACHABLE, false);
	} else if (row_reachable(row) && !row->dial && !row->asker && now >= row->redial_at) {
		row->picked = true;
		pick_dial(room, row);
	}
}

static uint64_t sooner(uint64_t least, uint64_t at, uint64_t now)
{
	uint64_t in = at > now ? at - now : 0;

	return in < least ? in : least;
}

uint64_t kith_room_tick(struct kith_room *room)
{
	uint64_t now = now_of(room);
	uint64_t next = IDLE_TICK_MS;
	struct line *late;

	while ((late = late_line(room, now)))
		line_late(late);
	for (struct row *r = room->rows; r; r = r->next)
		if (r->wanted_until)
			wish(room, r, now);
	request_next(room);
	meet_next(room);
	rows_sweep(room);
	uint64_t due = request_due(room);
	if (due)
		next = sooner(next, due, now);
	next = sooner(next, meet_due(room), now);
	for (struct line *l = room->lines; l; l = l->next)
		next = sooner(sooner(next, l->deadline, now), l->ends, now);
	for (struct row *r = room->rows; r; r = r->next) {
		if (r->wanted_until)
			next = sooner(next, r->wanted_until, now);
		if (r->wanted_until && row_reachable(r) && !r->dial && !r->asker)
			next = sooner(next, r->redial_at, now);
	}
	return next;
}

/* --- what the person decides ------------------------------------------------------------------ */

static enum kith_err pick(struct kith_room *room, struct row *row)
{
	if (!room->self || !room->self->swaps)
		return KITH_ERR_STATE;
	if (room->current)
		return room->current->row == row ? KITH_OK : KITH_ERR_BUSY;
	if (row->picked)
		return KITH_OK;
	for (struct row *r = room->rows; r; r = r->next)
		if (r != row && (r->picked || r->wanted_until))
			pick_drop(r);
	row->picked = true;
	row->wanted_until = 0;
	if (row->asker)
		request_accept(room, row);
	else if (row_reachable(row))
		pick_dial(room, row);
	else
		pick_failed(room, row, KITH_ERR_UNREACHABLE);
	request_next(room); /* a request that was kept for a pick before is a question now */
	rows_sweep(room);
	return KITH_OK;
}

enum kith_err kith_room_pick(struct kith_room *room, struct kith_span peer)
{
	struct row *row = row_named(room, peer);

	return row ? pick(room, row) : KITH_ERR_NOPERSON;
}

enum kith_err kith_room_invited(
	struct kith_room *room, const uint8_t key[static 32], const uint8_t ik[static 32])
{
	if (!room->self || !room->self->swaps)
		return KITH_ERR_STATE;
	if (is_mine(room, key) || memcmp(ik, kith_identity_ik(room->self->id), 32) == 0)
		return KITH_ERR_OWNKEY;
	if (kith_key_is_weak(key))
		return KITH_ERR_VALUE;
	struct row *row = row_make(room, key);
	if (!row)
		return KITH_ERR_LIMIT;
	row->invited = true;
	memcpy(row->ik, ik, sizeof row->ik);
	if (row->asker) /* they were quicker */
		line_expect(row->asker);
	if (!row->told)
		row_tell(room, row, KITH_NEWS_SEEN);
	row->told = true;
	row_tell(room, row, KITH_NEWS_CALLING);
	return pick(room, row);
}

enum kith_err kith_room_answer(struct kith_room *room, struct kith_span peer, bool yes)
{
	struct row *row = row_named(room, peer);

	if (!row)
		return KITH_ERR_NOPERSON;
	if (row->asking != ASKING_SHOWN && row->asking != ASKING_QUEUED)
		return KITH_ERR_STATE;
	if (room->current)
		return KITH_ERR_BUSY;
	if (yes) {
		request_accept(room, row);
	} else {
		enum kith_err err = kith_session_decline(row->asker->session);
		line_close(row->asker);
		request_next(room);
		if (err)
			return err;
	}
	rows_sweep(room);
	return KITH_OK;
}

enum kith_err kith_room_compared(struct kith_room *room, struct kith_span peer, bool same)
{
	struct row *row = row_named(room, peer);
	struct line *line = room->current;
	enum kith_err err;

	if (!row)
		return KITH_ERR_NOPERSON;
	if (!line || line->row != row || kith_session_step(line->session) != KITH_STEP_COMPARING)
		return KITH_ERR_STATE;
	if (same)
		err = kith_session_same(line->session,
			room->self->attended ? KITH_HOW_COMPARED : KITH_HOW_UNATTENDED,
			!line->standing);
	else
		err = kith_session_different(line->session);
	if (!err)
		err = kith_session_error(line->session);
	if (err)
		line_end(line, err);
	else
		line_look(line);
	rows_sweep(room);
	return KITH_OK;
}

enum kith_err kith_room_cancel(struct kith_room *room, struct kith_span peer)
{
	struct row *row = row_named(room, peer);
	struct line *line = room->current;

	if (!row)
		return KITH_ERR_NOPERSON;
	if (line && line->row == row) {
		kith_session_abort(line->session, KITH_ABORT_CANCEL, KITH_ERR_BROKEN);
		line_end(line, KITH_ERR_BROKEN);
	} else {
		pick_drop(row);
		request_next(room);
	}
	rows_sweep(room);
	return KITH_OK;
}

void kith_room_show(struct kith_room *room)
{
	room->insists = true;
	request_next(room);
}

/* Not one that only asks me: a stranger must not keep me from a new name. */
static bool is_under_way(const struct line *l)
{
	return l->session && !l->over && !(l->row && l->row->asker == l);
}

size_t kith_room_busy(const struct kith_room *room)
{
	size_t n = 0;

	for (const struct line *l = room->lines; l; l = l->next)
		n += is_under_way(l) &&
		     (l->known || kith_session_step(l->session) >= KITH_STEP_ASKED);
	return n;
}

size_t kith_room_swaps(const struct kith_room *room)
{
	size_t n = 0;

	for (const struct line *l = room->lines; l; l = l->next)
		n += is_under_way(l) && kith_session_step(l->session) >= KITH_STEP_ASKED;
	return n;
}
