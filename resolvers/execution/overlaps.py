"""Counts the comparisons that validation will make between selections of the same name, before it makes them.

The rule that selections of one name must agree compares each with each, so it is quadratic: 500 times `a { b }`, 3,500
characters, take it more than a second. Counting them is linear in the expanded document, which is already limited.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


class Overlaps:
    """The fragments must be free of cycles, and the operations within the limits of depth and fields."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments

    def count(self, node: OperationDefinitionNode) -> int:
        return self._scope([node.selection_set])

    def _scope(self, selection_sets: Iterable[SelectionSetNode]) -> int:
        """Pairs of equal names, and pairs of fragments, among selections that end up in the same object."""
        fields: dict[str, list[FieldNode]] = defaultdict(list)
        spread: set[str] = set()
        for selection_set in selection_sets:
            self._collect(selection_set, fields, spread)
        total = _pairs(len(spread)) + sum(_pairs(len(nodes)) for nodes in fields.values())
        inner = ([node.selection_set for node in nodes if node.selection_set] for nodes in fields.values())
        return total + sum(self._scope(below) for below in inner if below)

    def _collect(self, node: SelectionSetNode, fields: dict[str, list[FieldNode]], spread: set[str]) -> None:
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                fields[(selection.alias or selection.name).value].append(selection)
            elif isinstance(selection, InlineFragmentNode):
                self._collect(selection.selection_set, fields, spread)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
                spread.add(selection.name.value)
                fragment = self._fragments.get(selection.name.value)
                if fragment is not None:
                    self._collect(fragment.selection_set, fields, spread)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
