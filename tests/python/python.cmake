# SPDX-License-Identifier: MIT
# Tests of the second implementation.  KITH_PYTHON is a Python 3 with nacl and msgpack; the peer
# also needs zmq.
if(KITH_PYTHON)
	add_test(NAME vectors-are-current
		COMMAND ${KITH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/make_vectors.py --check)
	set_tests_properties(vectors-are-current PROPERTIES LABELS vectors)
endif()
