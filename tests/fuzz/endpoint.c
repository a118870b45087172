/* SPDX-License-Identifier: MIT
 *
 * endpoint - "192.0.2.1:4711" and the like: what is read is an address that the machine could try,
 * and is written so that it reads the same.
 */
#include <string.h>

#include "courier/address.h"
#include "fuzz/fuzz.h"
#include "unit/courier_nets.h"

static void writes_and_reads(const struct kith_place *place, const struct kith_nets *nets)
{
	char text[KITH_ENDPOINT_BYTES], network[KITH_NETWORK_BYTES];
	struct kith_place back;

	if (!kith_endpoint_write(text, place, nets)) {
		must(place->ip.v6 && kith_ip_link_local(&place->ip));
		return;
	}
	must(kith_endpoint_read(kith_span_str(text), nets, &back));
	must(kith_ip_eq(&place->ip, &back.ip) && place->port == back.port);
	must(back.scope == (place->ip.v6 && kith_ip_link_local(&place->ip) ? place->scope : 0));
	kith_network_write(network, &place->ip, place->scope, nets);
	must(memchr(network, 0, sizeof network));
	must(kith_place_rank(place, nets) <= 6);
}

/* case 45 */
static void believes(const struct kith_ip *ip, const struct kith_nets *nets)
{
	for (int index = 0; index < 5; index++) {
		if (!kith_ip_believable(ip, nets, index))
			continue;
		must(!kith_ip_loopback(ip) || index == LO);
		if (ip->v6)
			must(ip->bytes[0] != 0xff);
		else
			must(ip->bytes[0] != 0 && ip->bytes[0] < 224);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};
	struct kith_nets nets = sample_nets();
	struct kith_place place = {0};

	if (fuzz_byte(&in) & 1) {
		place.ip.v6 = fuzz_byte(&in) & 1;
		place.port = (uint16_t)fuzz_number(&in, 2);
		place.port |= place.port == 0;
		place.scope = fuzz_byte(&in) % 5;
		fuzz_fill(&in, place.ip.bytes, place.ip.v6 ? 16 : 4);
	} else {
		char text[KITH_ENDPOINT_BYTES];
		if (!kith_endpoint_read(fuzz_take(&in, in.n), &nets, &place))
			return 0;
		must(kith_endpoint_write(text, &place, &nets));
	}
	must(place.port != 0);
	writes_and_reads(&place, &nets);
	believes(&place.ip, &nets);
	return 0;
}
