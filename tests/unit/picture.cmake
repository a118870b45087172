# SPDX-License-Identifier: MIT
# Of kith-picture: what needs no library of pictures.
foreach(test picture_order picture_header picture_answer)
	kith_unit(${test})
endforeach()

# And of the terminal that draws them.
kith_unit(cli_terminal ${PROJECT_SOURCE_DIR}/src/cli/terminal.c)

# And of how a swap ends.
kith_unit(cli_ending ${PROJECT_SOURCE_DIR}/src/cli/ending.c)

# And of what starts it.
kith_unit(picture_picture)
target_link_options(unit_picture_picture PRIVATE -Wl,--wrap=kith_beside,--wrap=clock_gettime)

# And of the picture of my people, and of what draws it as pixels.
kith_unit(chart_svg)
kith_unit(render_render)
target_link_options(unit_render_render PRIVATE -Wl,--wrap=kith_beside)
