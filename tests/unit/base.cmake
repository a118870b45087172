# SPDX-License-Identifier: MIT
# Tests of the lower floors: one file a source file.
foreach(test base_alike base_base32 base_buf base_day base_env base_err base_file base_home base_latin base_nfc base_text
		codec_bombs codec_pack codec_scan codec_unpack
		crypto_base64 crypto_exchange crypto_hash crypto_identity crypto_keyfile crypto_keyring crypto_passphrase
		crypto_seal
		card_card card_field card_fields card_file card_introduction card_statement card_uri qr_qr message_invite message_message session_circle session_hello session_failures
		session_transcript people_query)
	kith_unit(${test})
endforeach()
# It counts calls of Argon2id, and takes its memory away.
target_link_options(unit_crypto_keyfile PRIVATE -Wl,--wrap=crypto_pwhash)
# It takes the memory of the card's functions away.
kith_unit(card_scarce)
target_link_options(unit_card_scarce PRIVATE -Wl,--wrap=malloc -Wl,--wrap=calloc)
