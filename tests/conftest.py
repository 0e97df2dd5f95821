"""What all tests share."""

from hypothesis import settings

# how long an example takes says more of what else the machine is doing than of the code
settings.register_profile("musegan", deadline=None)
settings.load_profile("musegan")
