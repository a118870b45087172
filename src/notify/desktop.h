/* SPDX-License-Identifier: MIT
 *
 * desktop - a notification of the desktop (org.freedesktop.Notifications), where there is one.
 */
#ifndef KITH_NOTIFY_DESKTOP_H
#define KITH_NOTIFY_DESKTOP_H

#include <kith/bytes.h>

/*
 * Shows a text under the heading "kith".  The text must be inert already; what a desktop could take for markup
 * is escaped here.  Does nothing when no session bus is told by the environment, or libdbus is not installed;
 * the first call loads it and connects.
 */
void kith_desktop_show(const char *text);

#endif
