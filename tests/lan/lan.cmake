# SPDX-License-Identifier: MIT
# Real machines, as namespaces: tests/lan/NN_NAME.py KITH [CLASS].  Each test has namespaces of its
# own, so they may run side by side.
function(kith_lan name file)
	add_test(NAME lan.${name} COMMAND ${KITH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/${file}.py
		$<TARGET_FILE:kith-program> ${ARGN})
	set_tests_properties(lan.${name} PROPERTIES LABELS lan TIMEOUT 600 SKIP_RETURN_CODE 77)
endfunction()

foreach(name 01_demo 02_swap 03_networks 04_avahi 05_oneshot 06_second 07_traces 09_listener 12_invite
		13_cable 15_cards)
	kith_lan(${name} ${name})
endforeach()
# These wait for time-outs of a quarter of a minute: one test a subject.
foreach(subject Frames Links Broken Interfaces)
	string(TOLOWER ${subject} word)
	kith_lan(08_weather_${word} 08_weather ${subject})
endforeach()
# Here and Asleep wait for UPDATE_MS.
foreach(subject Updates Keys Here Asleep Where Act)
	string(TOLOWER ${subject} word)
	kith_lan(14_known_${word} 14_known ${subject})
endforeach()
kith_lan(11_rows_answers 11_rows Answers)
kith_lan(11_rows_once 11_rows Once)
# A clock that is wrong, in every program of a machine.
add_library(kith-test-clock MODULE ${CMAKE_CURRENT_LIST_DIR}/clock.c)
kith_compile(kith-test-clock)
kith_lan(10_clock 10_clock $<TARGET_FILE:kith-test-clock>)
foreach(subject Meetings Cards Silence Days)
	string(TOLOWER ${subject} word)
	kith_lan(16_introduce_${word} 16_introduce $<TARGET_FILE:kith-test-clock> ${subject})
endforeach()
# Thousands of people at once.
add_executable(kith-test-crowd ${CMAKE_CURRENT_LIST_DIR}/../bench/people.c)
kith_compile(kith-test-crowd)
target_link_libraries(kith-test-crowd PRIVATE kith)
foreach(subject Meetings Revoked Cloned Alike Restored Stolen Rotated Blocked Clocks Crowd)
	string(TOLOWER ${subject} word)
	kith_lan(17_years_${word} 17_years $<TARGET_FILE:kith-test-crowd>
		$<TARGET_FILE:kith-test-clock> ${subject})
endforeach()
include(${CMAKE_CURRENT_LIST_DIR}/courier.cmake OPTIONAL)
