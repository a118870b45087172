# SPDX-License-Identifier: MIT
# The hostile peer, and rooms that it is let into: tests/hostile/NN_NAME.py KITH KITH-HOSTILE.
# Each file has namespaces of its own.  With --long behind these: floods of a minute, every bend.
set(hostile ${CMAKE_CURRENT_LIST_DIR})
find_package(Threads REQUIRED)
add_executable(kith-hostile ${hostile}/main.c ${hostile}/target.c ${hostile}/zmtp.c
	${hostile}/curve.c ${hostile}/bend.c ${hostile}/partner.c ${hostile}/crowd.c
	${hostile}/mdns.c ${hostile}/cases_open.c ${hostile}/cases_line.c
	${hostile}/cases_session.c ${hostile}/cases_mdns.c)
kith_compile(kith-hostile)
target_link_libraries(kith-hostile PRIVATE kith Threads::Threads)
# A bend is made where the library packs and seals.
target_link_options(kith-hostile PRIVATE -Wl,--wrap=kith_pack -Wl,--wrap=kith_pack_inner
	-Wl,--wrap=kith_pack_as -Wl,--wrap=kith_seal_push)

foreach(name 01_open 02_lines 03_requests 04_partners 05_handshake 06_discovery 07_crowded 08_power)
	add_test(NAME hostile.${name} COMMAND ${KITH_PYTHON} -B ${hostile}/${name}.py
		$<TARGET_FILE:kith-program> $<TARGET_FILE:kith-hostile>)
	set_tests_properties(hostile.${name} PROPERTIES LABELS lan TIMEOUT 600 SKIP_RETURN_CODE 77
		COST 40)
endforeach()
