# SPDX-License-Identifier: MIT
# Tests of the second implementation.  KITH_PYTHON is a Python 3 that has nacl, msgpack and zmq
# (Debian: python3-nacl python3-msgpack python3-zmq).
if(KITH_PYTHON)
	add_test(NAME vectors-are-current
		COMMAND ${KITH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/make_vectors.py --check)
	add_test(NAME second-implementation
		COMMAND ${KITH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/test_ref.py)
	add_test(NAME second-implementation-mdns
		COMMAND ${KITH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/test_announce.py)
	set_tests_properties(vectors-are-current second-implementation second-implementation-mdns
		PROPERTIES LABELS vectors TIMEOUT 120)
	set_tests_properties(second-implementation-mdns PROPERTIES SKIP_RETURN_CODE 77)
endif()
