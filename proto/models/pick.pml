/* SPDX-License-Identifier: MIT
 *
 * pick - one pick is good for one ACCEPT (session.md, "Both dial at once").
 *
 * One honest node and one hostile one, M, who does on both connections whatever he likes, at any
 * time, TRIES times.  The honest person picks M's row at most PICKS times, and answers a prompt at most
 * once.  Every ACCEPT that the node sends or takes gives M one try at the code; there must
 * be no more of them than the person said yes.
 *
 * -DREACH   an ACCEPT is reached at all
 * -DREUSE   a pick stays good for WANTED_MS although an ACCEPT was spent on it
 * -DRETRY   a session that ended behind ACCEPT makes the pick wanted again
 * -DNODROP  the larger node answers ACCEPT and lets its own attempt go on
 * -DSMALLER the honest node has the smaller S (without: the larger)
 */
#ifndef TRIES
#define TRIES 4
#endif
#ifndef PICKS
#define PICKS 1
#endif

#define NONE 0
#define HELLO 1
#define COMMITTED 2
#define PAST 3          /* ACCEPT was taken or sent */
byte mine;              /* the node's own attempt */
byte his;               /* the connection that M dialled: NONE, HELLO (asked), COMMITTED (kept), PAST */
bool picked, wanted, kept, asks;
byte yes;               /* how often the person said yes: picks and prompts */
byte picks, prompts, accepts, requests;

inline accept()
{
	his = PAST; kept = 0; asks = 0; accepts++;
#ifndef REUSE
	wanted = 0;
#endif
	picked = 0
}

inline ended()          /* a session behind ACCEPT is over */
{
#ifdef RETRY
	wanted = 1
#else
	skip
#endif
}

inline failed()         /* the own attempt ended before ACCEPT or DECLINE */
{
	mine = NONE; picked = 0; wanted = 1;
	if
	:: kept -> accept()
	:: else
	fi
}

active proctype Node()
{
end:
	do
	/* the person */
	:: d_step { picks < PICKS && mine == NONE && his != PAST && !asks ->
		picks++; yes++; picked = 1; wanted = 0; mine = HELLO }
	:: d_step { asks && mine != PAST && prompts < 1 -> prompts++; yes++; accept() }

	/* M answers, or fails, the node's dial */
	:: d_step { mine == HELLO -> mine = COMMITTED }
	:: d_step { mine == HELLO || mine == COMMITTED -> failed() }
	:: d_step { mine == COMMITTED && picked && his != PAST -> mine = PAST; picked = 0; accepts++ }
#ifdef NODROP
	:: d_step { mine == COMMITTED && !picked && his == PAST -> mine = PAST; accepts++ }
#endif
	:: d_step { mine == COMMITTED -> mine = NONE; picked = 0 }   /* DECLINE */
	:: d_step { mine == PAST -> mine = NONE; ended() }           /* M hangs up and knows the code */

	/* M dials and asks, again and again */
	:: d_step { his == NONE && mine != PAST && requests < TRIES -> requests++;
		if
		:: picked && mine != COMMITTED -> mine = NONE; accept()
#ifdef SMALLER
		:: picked && mine == COMMITTED -> kept = 1; his = COMMITTED
#else
		:: picked && mine == COMMITTED ->
#ifndef NODROP
			mine = NONE;
#endif
			accept()
#endif
		:: !picked && wanted -> accept()
		:: !picked && !wanted -> asks = 1; his = HELLO
		fi }
	:: d_step { his == PAST -> his = NONE; ended() }
	:: d_step { his != NONE && his != PAST -> his = NONE; kept = 0; asks = 0 }
	/* WANTED_MS is over */
	:: d_step { wanted -> wanted = 0 }
	od
}

active proctype Judge()
{
end:
	do
	:: d_step { accepts > yes -> assert(0) }
#ifdef REACH
	:: d_step { accepts > 0 -> assert(0) }
#endif
	od
}
