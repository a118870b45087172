# SPDX-License-Identifier: MIT
# What is measured of all people, with the module linked in.
kith_unit(graph_measure)
target_link_libraries(unit_graph_measure PRIVATE kith_graph_objects)
