"""Python runs this at the start of every process below; see ``tests.building.fault_points``."""

import os

if os.environ.get("HANYIN_TEST_FUSE"):
    from tests.building.fault_points import arm

    arm()
