"""Python runs this at the start of every process that has this folder in its PYTHONPATH."""

import os

if os.environ.get("HANYIN_TEST_CLOCK"):
    from tests.building.armed_clock import arm as set_clock

    set_clock()
if os.environ.get("HANYIN_TEST_FUSE"):
    from tests.building.fault_points import arm

    arm()
