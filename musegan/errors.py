"""The one error the library raises on purpose for what a user gave it."""


class MuseganError(Exception):
    """Something the user can mend: the message names what, why, and what to do.

    The command line prints the message as one line and exits with 1; any other exception is a
    defect of ours and keeps its traceback.
    """
