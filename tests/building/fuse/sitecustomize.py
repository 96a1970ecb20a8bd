"""Python runs this at the start of every process that has this folder in its PYTHONPATH."""

import os

if os.environ.get("HANYIN_TEST_CLOCK"):
    from tests.building.armed_clock import arm as set_clock

    set_clock()
if os.environ.get("HANYIN_TEST_IDLE"):
    from workers import stage

    stage.IDLE_SECONDS = (float(os.environ["HANYIN_TEST_IDLE"]),) * 2
if os.environ.get("HANYIN_TEST_FUSE"):
    from tests.building.fault_points import arm

    arm()
