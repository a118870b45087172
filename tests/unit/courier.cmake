# SPDX-License-Identifier: MIT
# The parts of the courier that need no network; the rest is tested by tests/lan/courier_pair.py.
foreach(test courier_address courier_dns courier_records courier_rows courier_txt)
	kith_unit(${test})
	target_link_libraries(unit_${test} PRIVATE kith_courier_parts)
endforeach()
