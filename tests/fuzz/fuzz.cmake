# SPDX-License-Identifier: MIT
# Targets for a fuzzer.  Plain builds replay the corpora of this folder as tests; tests/fuzz/run
# builds the same targets with libFuzzer (KITH_FUZZER).
option(KITH_FUZZER "link the targets of tests/fuzz with libFuzzer (Clang; see tests/fuzz/run)" OFF)
set(fuzz ${CMAKE_CURRENT_LIST_DIR})

# kith_fuzz(NAME [LIBRARY...]): NAME.c, with everything that is not a program and the libraries.
function(kith_fuzz name)
	add_executable(fuzz_${name} ${fuzz}/${name}.c)
	kith_compile(fuzz_${name})
	target_include_directories(fuzz_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
	target_link_libraries(fuzz_${name} PRIVATE kith ${ARGN})
	set_property(GLOBAL APPEND PROPERTY kith_fuzz_targets fuzz_${name})
	if(KITH_FUZZER)
		target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
		return()
	endif()
	target_sources(fuzz_${name} PRIVATE ${fuzz}/driver.c)
	add_test(NAME fuzz.${name} COMMAND fuzz_${name} ${fuzz}/corpus/${name})
	set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 300)
endfunction()

# Bytes: the strict form, cards, messages, texts.
foreach(target strict envelope card armor statement introduction uri base keyfile backup field text vcard vcards vcardmap session courier control picture query)
	kith_fuzz(${target})
endforeach()

# What the courier hears.
foreach(target txt reply records sightings endpoint)
	kith_fuzz(${target} kith_courier_parts)
endforeach()

kith_fuzz(netlink kith_courier_parts PkgConfig::AVAHI)
target_sources(fuzz_netlink PRIVATE ${PROJECT_SOURCE_DIR}/src/courier/netlink.c)
target_link_options(fuzz_netlink PRIVATE
	LINKER:--wrap=socket,--wrap=bind,--wrap=send,--wrap=recv)

# What a person's editor gives back; the files are the program's own.
set(cli ${PROJECT_SOURCE_DIR}/src/cli)
kith_fuzz(edit)
target_sources(fuzz_edit PRIVATE ${cli}/edit.c)

# The session, driven by a script; one of the people in it says what the script wants.
kith_fuzz(room)
target_sources(fuzz_room PRIVATE ${fuzz}/../scenario/ledger.c)
target_link_options(fuzz_room PRIVATE
	LINKER:--wrap=kith_pack,--wrap=kith_pack_inner,--wrap=kith_pack_as)

# What somebody known says to the keep, over a store in memory.
kith_fuzz(parcel PkgConfig::CMOCKA PkgConfig::SQLITE)
target_sources(fuzz_parcel PRIVATE ${fuzz}/../unit/pump.c ${fuzz}/../unit/store_world.c)

get_property(fuzzers GLOBAL PROPERTY kith_fuzz_targets)
add_custom_target(fuzzers DEPENDS ${fuzzers})
