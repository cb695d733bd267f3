"""Walking: alleys become a graph, doors get places on it, doors are shared among teams, and each walk gets its line.

The order of use is `network.build_network` -> `doors.place_doors` -> `matrix.walking_matrix` -> `share.share_doors`
-> `line.walk_line`. Distances are metres along the alleys, times are whole deciseconds; the clock is never asked for
anything but a budget.
"""
