/* SPDX-License-Identifier: MIT */
#include "calendar/calendar.h"

#include <libical/ical.h>
#include <stdlib.h>

/* What could not be made is told at the end, in one place. */
static void add(icalcomponent *to, icalproperty *property, bool *failed)
{
	if (property)
		icalcomponent_add_property(to, property);
	else
		*failed = true;
}

static icaltimetype whole_day(struct kith_date date)
{
	icaltimetype t = icaltime_null_date();

	t.year = date.year;
	t.month = (int)date.month;
	t.day = (int)date.day;
	return t;
}

static icalproperty *every_year(bool leap_day)
{
	return icalproperty_new_rrule(icalrecurrencetype_from_string(
		leap_day ? "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1" : "FREQ=YEARLY"));
}

static icalcomponent *event(const struct kith_calendar_entry *e, icaltimetype stamp, bool *failed)
{
	icalcomponent *event = icalcomponent_new_vevent();

	if (!event)
		return NULL;
	add(event, icalproperty_new_uid(e->uid), failed);
	add(event, icalproperty_new_dtstamp(stamp), failed);
	add(event, icalproperty_new_dtstart(whole_day(e->date)), failed);
	if (e->yearly)
		add(event, every_year(e->leap_day), failed);
	add(event, icalproperty_new_summary(e->summary), failed);
	if (*e->description)
		add(event, icalproperty_new_description(e->description), failed);
	add(event, icalproperty_new_class(ICAL_CLASS_PRIVATE), failed);
	/* it takes nobody's time */
	add(event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT), failed);
	return event;
}

static icalproperty *named(const char *name, const char *value)
{
	icalproperty *property = icalproperty_new_x(value);

	if (property)
		icalproperty_set_x_name(property, name);
	return property;
}

static char *write_calendar(const struct kith_calendar_entry *entries, size_t n, int64_t stamp)
{
	icaltimetype at =
		icaltime_from_timet_with_zone((time_t)stamp, 0, icaltimezone_get_utc_timezone());
	icalcomponent *calendar = icalcomponent_new_vcalendar();
	bool failed = !calendar;
	char *text = NULL;

	icalerror_set_errors_are_fatal(0);
	if (!failed) {
		add(calendar, icalproperty_new_version("2.0"), &failed);
		add(calendar, icalproperty_new_prodid("-//kith//due//EN"), &failed);
		add(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH), &failed);
		add(calendar, named("X-WR-CALNAME", "kith"), &failed);
	}
	for (size_t i = 0; !failed && i < n; i++) {
		icalcomponent *one = event(&entries[i], at, &failed);
		if (one)
			icalcomponent_add_component(calendar, one);
		else
			failed = true;
	}
	if (!failed)
		text = icalcomponent_as_ical_string_r(calendar);
	if (calendar)
		icalcomponent_free(calendar);
	return text;
}

extern const struct kith_calendar kith_calendar;

__attribute__((visibility("default")))
const struct kith_calendar kith_calendar = {.write = write_calendar};
