"""Which elements of an XML file are listened to, as a tree of nodes."""

from collections.abc import Callable, Iterable


class Node(dict[str, "Node"]):
    """An element that is listened to: its children by name, and what becomes of its text.

    The text goes to `target[key]`, its currency (`Ccy`) to `target[currency_key]`; `done` is called
    at its end. Elements without a node are passed over with all that is in them.
    """

    __slots__ = ("currency_key", "done", "key", "target")

    def __init__(self) -> None:
        super().__init__()
        self.key: str | None = None
        self.currency_key = ""
        self.target: dict[str, str] = {}
        self.done: Callable[[], None] | None = None


def grow(
    parent: Node, prefix: str, name: str, paths: Iterable[str], target: dict[str, str]
) -> Node:
    """A child node whose texts at these paths go to `target`, each under its path."""
    node = parent.setdefault(prefix + name, Node())
    for path in paths:
        leaf = node
        for part in path.split("/"):
            leaf = leaf.setdefault(prefix + part, Node())
        leaf.key, leaf.target = path, target
        if path.endswith("Amt"):
            leaf.currency_key = f"{path}@Ccy"
    return node
