# SPDX-License-Identifier: MIT
# Tests of the lower floors: one file a source file.
foreach(test base_base32 base_buf base_env base_err base_file base_home base_text)
	kith_unit(${test})
endforeach()
