"""Setting the levels of a trained generator: all that samples tell better than training sets it.

A level is a number for each track, or a few. A file a level, or a few that belong together:
`set_x(generator, audition)` hears samples beside real phrases, tries levels until the samples have
as much of something as the real phrases have (`measures` tells how much), and leaves the level
there. It tells of each of its steps by `audition.advance`. Levels of which the real phrases tell
nothing stay as they are. `levels` has all of them in their order.
"""
