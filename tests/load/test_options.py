"""What the command line offers is what there is."""

from trilateral.load.options import STORES
from trilateral.load.targets import TARGETS


def test_each_store_that_can_be_named_is_a_target():
    assert tuple(TARGETS) == STORES
    for name in STORES:
        assert TARGETS[name]("http://127.0.0.1:1").name == name
