/* SPDX-License-Identifier: MIT
 *
 * libdbus is loaded when the first notification is shown: nobody else has to wait for it.  Of its
 * interface the few names below, whose shapes it keeps (libdbus-1.so.3).
 */
#include "notify/desktop.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"

#define LIBRARY  "libdbus-1.so.3"
#define BUS      0 /* DBUS_BUS_SESSION */
#define SHOWN_MS 10000

/* DBusMessageIter: fourteen words on the stack of the caller; some are to spare. */
struct iter {
	void *words[32];
};

static struct {
	void *(*bus_get)(int type, void *error);
	void (*connection_set_exit_on_disconnect)(void *connection, uint32_t yes);
	void *(*message_new_method_call)(
		const char *to, const char *path, const char *interface, const char *method);
	void (*message_set_no_reply)(void *message, uint32_t yes);
	void (*message_iter_init_append)(void *message, struct iter *out);
	uint32_t (*message_iter_append_basic)(struct iter *at, int type, const void *value);
	uint32_t (*message_iter_open_container)(
		struct iter *at, int type, const char *signature, struct iter *out);
	uint32_t (*message_iter_close_container)(struct iter *at, struct iter *inner);
	uint32_t (*connection_send)(void *connection, void *message, uint32_t *serial);
	void (*connection_flush)(void *connection);
	void (*message_unref)(void *message);
} dbus;

static bool load(void)
{
	static const struct {
		const char *name;
		void *to;
	} symbols[] = {
		{"dbus_bus_get", &dbus.bus_get},
		{"dbus_connection_set_exit_on_disconnect", &dbus.connection_set_exit_on_disconnect},
		{"dbus_message_new_method_call", &dbus.message_new_method_call},
		{"dbus_message_set_no_reply", &dbus.message_set_no_reply},
		{"dbus_message_iter_init_append", &dbus.message_iter_init_append},
		{"dbus_message_iter_append_basic", &dbus.message_iter_append_basic},
		{"dbus_message_iter_open_container", &dbus.message_iter_open_container},
		{"dbus_message_iter_close_container", &dbus.message_iter_close_container},
		{"dbus_connection_send", &dbus.connection_send},
		{"dbus_connection_flush", &dbus.connection_flush},
		{"dbus_message_unref", &dbus.message_unref},
	};
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; library && i < sizeof symbols / sizeof symbols[0]; i++) {
		void *f = dlsym(library, symbols[i].name);
		if (!f)
			return false;
		memcpy(symbols[i].to, &f, sizeof f);
	}
	return library != NULL;
}

/* Where none is told libdbus would start one of its own. */
static bool is_told(void)
{
	const char *address = getenv("DBUS_SESSION_BUS_ADDRESS"), *run = getenv("XDG_RUNTIME_DIR");
	char path[4096];

	if (address && *address)
		return true;
	if (!run || *run != '/' ||
		(size_t)snprintf(path, sizeof path, "%s/bus", run) >= sizeof path)
		return false;
	return access(path, F_OK) == 0;
}

static void *connection(void)
{
	static void *bus;
	static bool tried;

	if (!tried && is_told() && load() && (bus = dbus.bus_get(BUS, NULL)))
		dbus.connection_set_exit_on_disconnect(bus, 0);
	tried = true;
	return bus;
}

static enum kith_err escape(struct kith_buf *out, const char *text)
{
	enum kith_err err = KITH_OK;

	for (; *text && !err; text++)
		err = *text == '&'   ? kith_buf_add_str(out, "&amp;")
		      : *text == '<' ? kith_buf_add_str(out, "&lt;")
		      : *text == '>' ? kith_buf_add_str(out, "&gt;")
				     : kith_buf_add(out, text, 1);
	return err || !kith_buf_cstr(out) ? KITH_ERR_NOMEM : KITH_OK;
}

static uint32_t empty(struct iter *at, const char *signature)
{
	struct iter inner;

	return dbus.message_iter_open_container(at, 'a', signature, &inner) &&
	       dbus.message_iter_close_container(at, &inner);
}

/* Notify(s app, u replaces, s icon, s summary, s body, as actions, a{sv} hints, i timeout) */
static bool fill(void *message, const char *body)
{
	const char *app = "kith", *none = "";
	uint32_t replaces = 0;
	int32_t timeout = SHOWN_MS;
	struct iter at;

	dbus.message_iter_init_append(message, &at);
	return dbus.message_iter_append_basic(&at, 's', &app) &&
	       dbus.message_iter_append_basic(&at, 'u', &replaces) &&
	       dbus.message_iter_append_basic(&at, 's', &none) &&
	       dbus.message_iter_append_basic(&at, 's', &app) &&
	       dbus.message_iter_append_basic(&at, 's', &body) && empty(&at, "s") &&
	       empty(&at, "{sv}") && dbus.message_iter_append_basic(&at, 'i', &timeout);
}

void kith_desktop_show(const char *text)
{
	KITH_AUTO_BUF struct kith_buf body = {0};
	void *bus = connection();

	if (!bus || escape(&body, text))
		return;
	void *message = dbus.message_new_method_call("org.freedesktop.Notifications",
		"/org/freedesktop/Notifications", "org.freedesktop.Notifications", "Notify");
	if (!message)
		return;
	dbus.message_set_no_reply(message, 1);
	if (fill(message, (const char *)body.p) && dbus.connection_send(bus, message, NULL))
		dbus.connection_flush(bus);
	dbus.message_unref(message);
}
