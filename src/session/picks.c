/* SPDX-License-Identifier: MIT */
#include "session/row.h"

void pick_dial(struct kith_room *room, struct row *row)
{
	struct line *line = line_dial(room, row);

	if (!line) {
		pick_failed(room, row, KITH_ERR_BUSY);
		return;
	}
	line->row = row;
	row->dial = line;
}

void pick_drop(struct row *row)
{
	row->picked = false;
	row->wanted_until = 0;
	if (row->dial)
		line_close(row->dial);
	if (row->asking == ASKING_KEPT)
		row->asking = ASKING_QUEUED;
}

/* My own attempt ended before an ACCEPT.  Their REQUEST, if one was kept, takes its place. */
void pick_failed(struct kith_room *room, struct row *row, enum kith_err err)
{
	bool first = row->picked && !row->wanted_until;

	row->picked = false;
	if (row->asking == ASKING_KEPT && err != KITH_ERR_DECLINED) {
		request_accept(room, row);
		return;
	}
	if (row->asking == ASKING_KEPT)
		row->asking = ASKING_QUEUED;
	if (err != KITH_ERR_BROKEN && err != KITH_ERR_UNREACHABLE) {
		row->wanted_until = 0;
		row_tell_failed(room, row, err, false);
		return;
	}
	/* Perhaps only my way is blocked: they may still reach me. */
	if (first) {
		row->wanted_until = now_of(room) + KITH_WANTED_MS;
		row_tell(room, row, KITH_NEWS_UNREACHABLE);
	}
	row->redial_at = now_of(room) + REDIAL_MS;
}

/* REQUEST from somebody whom my person picked, on another connection than my own. */
void request_crossed(struct kith_room *room, struct row *row)
{
	bool committed = row->dial && row->dial->session &&
			 kith_session_step(row->dial->session) == KITH_STEP_ASKED;

	if (committed && memcmp(room->own[0], row->key, 32) < 0) {
		row->asking = ASKING_KEPT; /* the smaller goes on with its own */
		return;
	}
	request_accept(room, row);
}

void request_accept(struct kith_room *room, struct row *row)
{
	struct line *line = row->asker;

	if (room->current) {
		row->asking = ASKING_QUEUED; /* a screen shows one code at a time */
		return;
	}
	/* One pick is good for one ACCEPT; and whoever else was picked must not get one meanwhile. */
	for (struct row *r = room->rows; r; r = r->next)
		if (r->picked || r->wanted_until)
			pick_drop(r);
	row->asker = NULL;
	row->asking = ASKING_NO;
	room->current = line;
	request_welcome(line);
	line_keep(line);
	line_wait(line, KITH_STEP_MS);
	enum kith_err err = kith_session_accept(line->session);
	if (err)
		line_end(line, err);
}
