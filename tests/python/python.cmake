# SPDX-License-Identifier: MIT
# The second implementation: its vectors, itself, and it against the real program.  KITH_PYTHON is
# a Python 3 with nacl, msgpack and zmq (Debian: python3-nacl python3-msgpack python3-zmq).
function(kith_second name label)
	add_test(NAME second.${name} COMMAND ${KITH_PYTHON} -B ${ARGN})
	set_tests_properties(second.${name} PROPERTIES
		LABELS ${label} TIMEOUT 240 SKIP_RETURN_CODE 77)
endfunction()

if(KITH_PYTHON)
	kith_second(vectors vectors ${CMAKE_CURRENT_LIST_DIR}/make_vectors.py --check)
	kith_second(itself vectors ${CMAKE_CURRENT_LIST_DIR}/test_ref.py)
	kith_second(mdns vectors ${CMAKE_CURRENT_LIST_DIR}/test_announce.py)
	if(TARGET kith-program)
		kith_second(real lan ${CMAKE_CURRENT_LIST_DIR}/test_real.py $<TARGET_FILE:kith-program>)
	endif()
endif()
