/* SPDX-License-Identifier: MIT */
#include "session/row.h"

/* --- the session's host ----------------------------------------------------------------------- */

static void on_send(void *ctx, struct kith_span message)
{
	struct line *line = ctx;
	struct kith_room *room = line->room;

	if (line->standing)
		room->host.send(room->host.ctx, line->conn, message);
}

static enum kith_err on_confirm(void *ctx, const struct kith_meeting *m)
{
	struct kith_room *room = ((struct line *)ctx)->room;

	return room->host.confirm(room->host.ctx, m);
}

static enum kith_err on_confirmed(void *ctx, const uint8_t session[static 32], enum kith_how theirs)
{
	struct kith_room *room = ((struct line *)ctx)->room;

	return room->host.confirmed(room->host.ctx, session, theirs);
}

static enum kith_err on_card(void *ctx, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope)
{
	struct kith_room *room = ((struct line *)ctx)->room;

	return room->host.card(room->host.ctx, session, card, envelope);
}

static enum kith_err on_receipt(void *ctx, const struct kith_receipt *r)
{
	struct kith_room *room = ((struct line *)ctx)->room;

	return room->host.receipt(room->host.ctx, r);
}

static enum kith_err on_mismatch(void *ctx, const uint8_t session[static 32])
{
	struct kith_room *room = ((struct line *)ctx)->room;

	return room->host.mismatch(room->host.ctx, session);
}

static bool on_blocked(void *ctx, const uint8_t ik[static KITH_KEY_BYTES])
{
	struct kith_room *room = ((struct line *)ctx)->room;

	return room->host.blocked && room->host.blocked(room->host.ctx, ik);
}

/* --- the table -------------------------------------------------------------------------------- */

struct line *line_find(struct kith_room *room, uint32_t conn)
{
	for (struct line *l = room->lines; l; l = l->next)
		if (l->conn == conn && l->standing)
			return l;
	return NULL;
}

static size_t inbound_lines(const struct kith_room *room)
{
	size_t n = 0;

	for (const struct line *l = room->lines; l; l = l->next)
		n += l->inbound;
	return n;
}

struct line *line_new(
	struct kith_room *room, uint32_t conn, const uint8_t key[static 32], bool inbound)
{
	struct line *l;

	if (room->line_count >= KITH_SESSIONS_MAX ||
		(inbound && inbound_lines(room) >= KITH_SESSIONS_MAX - KITH_CONNECTIONS_RESERVED))
		return NULL;
	l = room->env->alloc(room->env->ctx, sizeof *l);
	if (!l)
		return NULL;
	l->room = room;
	l->conn = conn;
	l->inbound = inbound;
	l->standing = true;
	memcpy(l->key, key, 32);
	l->ends = now_of(room) + KITH_SESSION_MS;
	l->deadline = l->ends;
	l->next = room->lines;
	room->lines = l;
	room->line_count++;
	return l;
}

/* A dial tries every address and then greets. */
static uint64_t dial_ms(const struct row *row)
{
	uint64_t addresses = row->invited ? KITH_INVITE_ADDRESSES_MAX : KITH_ADDRESSES_MAX;

	return KITH_CONNECT_MS * addresses + KITH_HANDSHAKE_MS;
}

struct line *line_dial(struct kith_room *room, struct row *row)
{
	struct line *line = line_new(room, room->next_conn, row->key, false);

	if (!line)
		return NULL;
	room->next_conn += 2;
	line_wait(line, dial_ms(row));
	room->host.dial(room->host.ctx, line->conn, row->key);
	return line;
}

enum kith_err line_open(struct line *line, const uint8_t own[static 32], struct kith_span network)
{
	struct kith_room *room = line->room;
	struct kith_session_host host = {.ctx = line,
		.send = on_send,
		.confirm = on_confirm,
		.confirmed = on_confirmed,
		.card = on_card,
		.receipt = on_receipt,
		.mismatch = on_mismatch,
		.blocked = on_blocked};
	enum kith_err err;

	err = kith_session_new(room->env, room->self, &host,
		line->inbound ? KITH_ROLE_R : KITH_ROLE_I, line->inbound ? own : line->key,
		line->inbound ? line->key : own, network, &line->session);
	line_wait(line, KITH_STEP_MS);
	if (!err && !room->recognises)
		kith_session_forget_ties(line->session);
	if (!err && !line->inbound)
		err = kith_session_greet(line->session);
	return err;
}

void line_expect(struct line *line)
{
	if (line->row && line->row->invited)
		kith_session_expect(line->session, line->row->ik);
}

void line_wait(struct line *line, uint64_t ms)
{
	line->deadline = now_of(line->room) + ms;
}

void line_keep(struct line *line)
{
	struct kith_room *room = line->room;

	if (room->host.keep)
		room->host.keep(room->host.ctx, line->conn);
}

void line_free(struct line *line)
{
	struct kith_room *room = line->room;
	struct row *row = line->row;

	if (room->current == line)
		room->current = NULL;
	if (row && row->dial == line)
		row->dial = NULL;
	if (row && row->asker == line) {
		row->asker = NULL;
		row->asking = ASKING_NO;
	}
	for (struct line **p = &room->lines; *p; p = &(*p)->next) {
		if (*p == line) {
			*p = line->next;
			break;
		}
	}
	meet_over(line, KITH_ERR_BROKEN);
	room->line_count--;
	kith_session_free(line->session);
	room->env->release(room->env->ctx, line, sizeof *line);
}

void line_close(struct line *line)
{
	struct kith_room *room = line->room;

	if (line->standing)
		room->host.close(room->host.ctx, line->conn);
	line_free(line);
}

void line_rest(struct line *line, uint64_t ms)
{
	struct kith_room *room = line->room;

	if (room->current == line)
		room->current = NULL;
	line->over = true;
	line->row = NULL;
	line_wait(line, ms);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void tell_swapped(struct line *line)
{
	struct kith_room *room = line->room;
	struct kith_news news = {.kind = KITH_NEWS_SWAPPED,
		.peer = line->row->peer,
		.name = kith_span_str(line->row->name),
		.ik = kith_session_ik(line->session),
		.delivered = kith_session_delivered(line->session)};

	room->host.tell(room->host.ctx, &news);
}

/* I: their ACCEPT came and spent my pick, also when its content ended the session. */
static void spend(struct line *line)
{
	struct row *row = line->row;

	row->dial = NULL;
	row->picked = false;
	row->wanted_until = 0;
	if (row->asker)
		line_close(row->asker);
}

/* A session that was past ACCEPT. */
static void end_spent(struct line *line, enum kith_err err)
{
	if (line->row->dial == line)
		spend(line);
	if (kith_session_has_card(line->session))
		tell_swapped(line);
	else
		row_tell_failed(line->room, line->row, err, kith_session_kept(line->session));
	if (!kith_session_agreed(line->session))
		failure_count(line);
	if (kith_session_silent(line->session) && line->standing)
		line_rest(line, KITH_STEP_MS * 2); /* longer than they wait */
	else
		line_close(line);
}

void line_end(struct line *line, enum kith_err err)
{
	struct kith_room *room = line->room;
	struct row *row = line->row;

	if (line->over || !row) {
		meet_over(line, err);
		line_close(line);
	} else if (line->session && kith_session_spent(line->session)) {
		end_spent(line, err);
	} else if (row->dial == line) {
		line_close(line);
		pick_failed(room, row, err);
	} else {
		if (row->asking == ASKING_SHOWN)
			row_tell(room, row, KITH_NEWS_WITHDRAWN);
		line_close(line);
	}
	request_next(room);
}

/* --- steps ------------------------------------------------------------------------------------ */

/* Both HELLOs are here.  I: from ask on I am committed. */
static void greeted(struct line *line)
{
	if (!meet_greeted(line)) {
		line_close(line);
		return;
	}
	if (line->inbound)
		return; /* R waits for REQUEST or K1 within the time it has */
	enum kith_err err =
		line->meets ? kith_session_know(line->session) : kith_session_ask(line->session);
	if (err) {
		line_end(line, err);
		return;
	}
	if (line->meets)
		return;
	line->row->wanted_until = 0; /* reached: from here on it is their person's time */
	line_wait(line, KITH_HUMAN_MS);
	row_tell(line->room, line->row, KITH_NEWS_ASKING);
}

/* I: their ACCEPT is in order, and the session has the screen. */
static void accepted(struct line *line)
{
	struct kith_room *room = line->room;
	struct row *row = line->row;

	if (row->dial != line)
		return;
	spend(line);
	room->current = line;
	line_keep(line);
	if (!row->name[0])
		row_name(row, kith_session_label(line->session));
}

static void show_code(struct line *line)
{
	struct kith_room *room = line->room;
	const char *code = kith_session_code(line->session);
	/* Whoever accepts without a person, or shows several, needs the long one. */
	bool whole = room->self->long_code || !room->self->attended;
	struct kith_news news = {.kind = KITH_NEWS_CODE,
		.peer = line->row->peer,
		.name = kith_session_label(line->session),
		.gives = kith_session_they_give(line->session),
		.attended = kith_session_they_attend(line->session),
		.scanned = kith_session_scanned(line->session),
		.code = whole ? code : code + KITH_CODE_DIGITS - KITH_CODE_SHORT_DIGITS};

	if (line->told_code)
		return;
	line->told_code = true;
	line_wait(line, KITH_HUMAN_MS);
	room->host.tell(room->host.ctx, &news);
}

/* The code is up.  Who has scanned their key has nothing to compare: it is there for their eyes. */
static void comparing(struct line *line)
{
	show_code(line);
	if (!kith_session_scanned(line->session))
		return;
	enum kith_err err = kith_session_same(line->session, KITH_HOW_SCANNED, !line->standing);
	if (!err)
		err = kith_session_error(line->session);
	if (err)
		line_end(line, err);
	else
		line_look(line);
}

/* Nothing is owed either way: the screen is free; I hangs up, R waits for that. */
static void done(struct line *line)
{
	struct kith_room *room = line->room;

	if (line->row)
		tell_swapped(line);
	meet_over(line, KITH_OK);
	if (line->inbound)
		line_rest(line, KITH_CLOSING_MS);
	else
		line_close(line);
	request_next(room);
}

void line_look(struct line *line)
{
	switch (kith_session_step(line->session)) {
	case KITH_STEP_GREETED:
		greeted(line);
		break;
	case KITH_STEP_ASKING:
		if (!line->row)
			request_came(line);
		break;
	case KITH_STEP_PROVING:
		accepted(line);
		line_wait(line, KITH_STEP_MS);
		break;
	case KITH_STEP_COMPARING:
		comparing(line);
		break;
	case KITH_STEP_CONFIRMED:
		line_wait(line, KITH_HUMAN_MS);
		break;
	case KITH_STEP_SWAPPING:
		line_wait(line, KITH_STEP_MS);
		break;
	case KITH_STEP_DONE:
		done(line);
		break;
	case KITH_STEP_MET:
		if (!line->known)
			meet_known(line);
		line_wait(line, KITH_STEP_MS);
		break;
	case KITH_STEP_KNOWING:
		line_wait(line, KITH_STEP_MS);
		break;
	case KITH_STEP_GREETING:
	case KITH_STEP_ASKED:
	case KITH_STEP_REVEALING:
	case KITH_STEP_ENDED:
		break;
	}
}

void line_late(struct line *line)
{
	enum kith_err err = KITH_ERR_TIMEOUT;

	if (!line->session)
		err = KITH_ERR_UNREACHABLE;
	else if (kith_session_step(line->session) < KITH_STEP_ASKED)
		err = KITH_ERR_BROKEN;
	if (line->session)
		kith_session_abort(line->session, KITH_ABORT_CANCEL, err);
	line_end(line, err);
}
