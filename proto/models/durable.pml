/* SPDX-License-Identifier: MIT
 *
 * durable - what survives when the line or a process dies (session.md, "Course" and "Durable").
 *
 * Two honest nodes meet again and again.  Every transaction and every send is a step of its own; between
 * any two the line may be cut or either process killed, FAULTS times in all.  A cut loses
 * what is on the way; a kill is a cut that also takes the code off one screen.  A person presses
 * "same", or NOS times in all "different", also after the line broke.  After MEET such meetings one
 * more comes without faults; then both must hold everything and owe nothing.
 *
 * Every meeting compares a code.  With -DRECOGNISE two nodes that both have a row complete without
 * one, by an AUTH that says { confirmed, revision held } (the last column of the page's table).
 *
 * -DREACH      the end is reached at all
 * -DOLDCONFIRM CARD leaves on a row confirmed in an earlier session, not on this session's "same"
 * -DFORGE      an ABORT(mismatch) that is not sealed is believed
 * -DCLEAROLD   ABORT(mismatch) deletes a pending row of an earlier session as well
 * -DSENDFIRST  CONFIRM is sent before the row is durable
 * -DNOSETTLE   with RECOGNISE: the revision held does not clear what is owed
 * -DFILE       node 1 has the other's card from a file; with -DFILEROW such a row counts as one,
 *              with -DDROPFILE "different" deletes that card along with the pending row
 * -DONEGIVES   node 1 gives nothing; with -DFORGETGIVES the row does not remember that
 */
#ifndef FAULTS
#define FAULTS 2
#endif
#ifndef NOS
#define NOS 1
#endif
#ifndef MEET
#define MEET 3
#endif
#ifndef EDITS
#define EDITS 0
#endif

#define OTHER(n) (1 - (n))

mtype = { CONFIRM, MISMATCH, CARD, RECEIPT, AUTH };
chan line[2] = [6] of { mtype, byte, byte }; /* line[n]: towards n */

/* durable */
#define NONE 0
#define CARDFILE 1   /* a card that came as a file: nobody was met */
#define PENDING 2
#define OPEN 3
byte row[2];
byte holds[2];       /* revision of the other's card; 0 none */
byte owes[2];        /* revision of the own card that no receipt has come for; 0 nothing */
byte rev[2];         /* revision of the own card */
byte was[2];         /* what the row was before a session made it pending */
bool owes_receipt[2];
bool knows_none[2];  /* the row says: the other gives nothing */

/* gone with the session */
bool code[2];        /* a code waits for the person */
bool same[2];        /* this person pressed "same" in this session */
bool theirs[2];      /* their CONFIRM arrived in this session */
bool made[2];        /* this session made the row */
bool due_confirm[2], due_abort[2], due_card[2], due_auth[2], sent[2], row_late[2];

#define DOWN 0
#define COMPARE 1
#define KNOWN 2
byte link;
byte meets, faults, nos, edits, forged;
bool last, over;

/* for the judge */
bool pressed[2];     /* "same" on the code of this meeting, also after its line broke */
bool ever[2];
bool agreed;         /* both pressed "same" on one code, and nobody "different" since */
byte before[2];      /* row at the start of the meeting */

#ifdef ONEGIVES
#define GIVES(n) ((n) == 0)
#else
#define GIVES(n) true
#endif
#ifdef FILEROW
#define HAS_ROW(n) (row[n] != NONE)
#else
#define HAS_ROW(n) (row[n] >= PENDING)
#endif
#ifdef RECOGNISE
#define RECOGNISED (HAS_ROW(0) && HAS_ROW(1))
#else
#define RECOGNISED false
#endif

inline forget_session(n)
{
	same[n] = 0; theirs[n] = 0; due_confirm[n] = 0; due_abort[n] = 0; due_card[n] = 0;
	due_auth[n] = 0; sent[n] = 0; row_late[n] = 0
}

inline hang_up()
{
	do
	:: line[0]?_, _, _
	:: line[1]?_, _, _
	:: empty(line[0]) && empty(line[1]) -> break
	od;
	forget_session(0);
	forget_session(1);
	link = DOWN
}

/* transaction (a) */
inline write_row(n)
{
	if
	:: row[n] < PENDING -> was[n] = row[n]; row[n] = PENDING; made[n] = 1
	:: else
	fi;
	if
	:: GIVES(n) -> owes[n] = rev[n]
	:: else
	fi;
#ifndef FORGETGIVES
	if
	:: !GIVES(OTHER(n)) -> knows_none[n] = 1
	:: else
	fi
#endif
}

inline drop_row(n)
{
	if
#ifdef CLEAROLD
	:: row[n] == PENDING ->
#else
	:: row[n] == PENDING && made[n] ->
#endif
#ifdef DROPFILE
		row[n] = NONE;
#else
		row[n] = was[n];
#endif
		owes[n] = 0; knows_none[n] = 0
	:: else
	fi
}

inline press_same(n)
{
	code[n] = 0; pressed[n] = 1; ever[n] = 1;
#ifndef SENDFIRST
	write_row(n);
#endif
	if
	:: pressed[OTHER(n)] -> agreed = 1
	:: else
	fi;
	if
	:: link == COMPARE -> same[n] = 1; due_confirm[n] = 1
	:: else
	fi
}

inline press_different(n)
{
	nos++; code[n] = 0; agreed = 0; drop_row(n);
	if
	:: link == COMPARE -> due_abort[n] = 1
	:: else
	fi
}

#ifdef OLDCONFIRM
#define SAID_SAME(n) (row[n] >= PENDING)
#else
#define SAID_SAME(n) (row[n] >= PENDING && same[n])
#endif

proctype Node(byte n)
{
	byte a, b;
	do
	:: over -> break

	/* the person */
	:: d_step { code[n] && !over -> press_same(n) }
	:: d_step { code[n] && !last && nos < NOS -> press_different(n) }
	:: d_step { edits < EDITS && !last && rev[n] == 1 && link == DOWN -> edits++; rev[n] = 2;
		if
		:: GIVES(n) && (owes[n] > 0 || row[n] == OPEN) -> owes[n] = 2
		:: else
		fi }

	/* what is sent */
	:: d_step { link == COMPARE && due_abort[n] && nfull(line[OTHER(n)]) ->
		due_abort[n] = 0; line[OTHER(n)]!MISMATCH, 0, 0 }
	:: d_step { link == COMPARE && due_confirm[n] && nfull(line[OTHER(n)]) ->
		due_confirm[n] = 0; row_late[n] = 1; line[OTHER(n)]!CONFIRM, 0, 0 }
#ifdef SENDFIRST
	:: d_step { row_late[n] -> row_late[n] = 0; write_row(n) }
#endif
	:: d_step { link == KNOWN && due_auth[n] && nfull(line[OTHER(n)]) ->
		due_auth[n] = 0; line[OTHER(n)]!AUTH, (row[n] >= PENDING), holds[n] }
	/* transaction (b): their CONFIRM is noted, behind the own one */
	:: d_step { link == COMPARE && theirs[n] && SAID_SAME(n) && !due_confirm[n] && !sent[n] ->
		row[n] = OPEN; due_card[n] = 1; sent[n] = 1 }
	:: d_step { link != DOWN && due_card[n] && !due_auth[n] && nfull(line[OTHER(n)]) -> due_card[n] = 0;
		assert(ever[0] && ever[1]);                             /* never without both persons */
		assert(link == KNOWN || (pressed[0] && pressed[1]));    /* and on this very code */
		if
		:: GIVES(n) -> line[OTHER(n)]!CARD, rev[n], 0
		:: else -> line[OTHER(n)]!CARD, 0, 0
		fi }
	:: d_step { link != DOWN && owes_receipt[n] && row[n] == OPEN && !due_auth[n] &&
		nfull(line[OTHER(n)]) -> owes_receipt[n] = 0; line[OTHER(n)]!RECEIPT, holds[n], 0 }

	/* what arrives */
	:: d_step { link != DOWN && line[n]?[CONFIRM, _, _] -> line[n]?CONFIRM, _, _; theirs[n] = 1 }
	:: d_step { link != DOWN && line[n]?[MISMATCH, _, _] -> line[n]?MISMATCH, _, _;
		code[n] = 0; drop_row(n); hang_up() }
	:: d_step { link != DOWN && line[n]?[CARD, _, _] -> line[n]?CARD, a, _;
#ifndef OLDCONFIRM
		assert(row[n] == OPEN || (same[n] && theirs[n]));
#endif
		if
		:: a > holds[n] -> holds[n] = a; owes_receipt[n] = 1    /* transaction (c) */
		:: a > 0 && a <= holds[n] -> owes_receipt[n] = 1
		:: a == 0 -> knows_none[n] = 1
		fi;
		a = 0 }
	:: d_step { link != DOWN && line[n]?[RECEIPT, _, _] -> line[n]?RECEIPT, a, _;
		if
		:: owes[n] <= a -> owes[n] = 0                          /* transaction (d) */
		:: else
		fi;
		a = 0 }
	:: d_step { link == KNOWN && line[n]?[AUTH, _, _] -> line[n]?AUTH, a, b;
		if
		:: a == 1 && row[n] == PENDING -> row[n] = OPEN
		:: else
		fi;
#ifndef NOSETTLE
		if
		:: owes[n] > 0 && b >= owes[n] -> owes[n] = 0
		:: else
		fi;
#endif
		if
		:: a == 1 && row[n] == OPEN && GIVES(n) && b < rev[n] -> due_card[n] = 1
		:: else
		fi;
		a = 0; b = 0 }
	od
}

inline meet()
{
	if
	:: agreed -> assert(row[0] >= PENDING && row[1] >= PENDING) /* both said "same": both remember */
	:: else
	fi;
	assert(row[0] >= before[0] && row[1] >= before[1]);         /* no meeting takes away what was */
	before[0] = row[0]; before[1] = row[1];
	made[0] = 0; made[1] = 0;
	if
	:: RECOGNISED -> link = KNOWN; due_auth[0] = 1; due_auth[1] = 1; code[0] = 0; code[1] = 0
	:: else -> link = COMPARE; code[0] = 1; code[1] = 1; pressed[0] = 0; pressed[1] = 0
	fi
}

#define STILL(n) (empty(line[n]) && !code[n] && !due_confirm[n] && !due_abort[n] && !due_card[n] && \
	!due_auth[n] && !(owes_receipt[n] && row[n] == OPEN) && \
	!(link == COMPARE && theirs[n] && same[n] && !sent[n]))
#ifdef SENDFIRST
#define QUIET (STILL(0) && STILL(1) && !row_late[0] && !row_late[1])
#else
#define QUIET (STILL(0) && STILL(1))
#endif

active proctype World()
{
	rev[0] = 1; rev[1] = 1;
#ifdef FILE
	row[1] = CARDFILE; holds[1] = 1; before[1] = CARDFILE;
#endif
	run Node(0);
	run Node(1);
	do
	:: d_step { link == DOWN && !last && meets < MEET -> meets++; meet() }
	:: d_step { link == DOWN && !last -> last = 1; meet() }
	:: d_step { link != DOWN && !last && faults < FAULTS -> faults++; hang_up() }
	:: d_step { !last && faults < FAULTS && (link != DOWN || code[0]) -> faults++; hang_up(); code[0] = 0 }
	:: d_step { !last && faults < FAULTS && (link != DOWN || code[1]) -> faults++; hang_up(); code[1] = 0 }
#ifdef FORGE
	:: d_step { link == COMPARE && !last && forged < 1 && nfull(line[0]) -> forged++; line[0]!MISMATCH, 0, 0 }
#endif
	:: d_step { link != DOWN && !last && QUIET -> hang_up() }
	:: d_step { link != DOWN && last && QUIET ->
		assert(row[0] == OPEN && row[1] == OPEN);
		assert(holds[1] == rev[0]);
		assert(!GIVES(1) || holds[0] == rev[1]);
		assert(GIVES(1) || knows_none[0]);
		assert(owes[0] == 0 && owes[1] == 0 && !owes_receipt[0] && !owes_receipt[1]);
#ifdef REACH
		assert(false);
#endif
		hang_up(); over = 1 } ->
		break
	od
}
