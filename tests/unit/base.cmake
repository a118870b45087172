# SPDX-License-Identifier: MIT
# Tests of the lower floors: one file a source file.
foreach(test base_base32 base_buf base_env base_err base_file base_home base_text
		codec_pack codec_scan codec_unpack
		crypto_base64 crypto_exchange crypto_hash crypto_identity crypto_keyfile crypto_seal
		card_card card_field card_fields card_file message_message session_hello
		session_transcript)
	kith_unit(${test})
endforeach()
