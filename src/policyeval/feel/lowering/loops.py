"""Lowering of what goes through lists: `for`, `some`, `every`, filters.

Each becomes a function of its own within the one around it, so that its failure is one failure, and
so that what is made in a turn of a loop keeps the values of that turn.
"""

import ast
from collections.abc import Callable, Sequence

from policyeval.feel import syntax
from policyeval.feel.execution import truth
from policyeval.feel.lowering import emit
from policyeval.feel.lowering.emit import Variable, literal
from policyeval.feel.lowering.logic import Logic
from policyeval.feel.lowering.names import Names, Partial

# CPython allows 20 blocks within each other in one function; further loops get their own.
_LOOPS_PER_FUNCTION = 12


class Loops(Logic):
    """The part of the lowering that repeats."""

    def _for(
        self,
        node: syntax.For,
        iterations: Sequence[syntax.Iteration],
        body: syntax.Expression,
        names: Names,
    ) -> ast.expr:
        with self.nested() as frame:
            results = self.bind(ast.List([], ast.Load()))
            inner = names.define({"partial": Partial(results)})

            def append(within: Names) -> None:
                value = self.lower(body, within)
                function = emit.attribute(self.use(results), "append")
                self.frame.block.append(ast.Expr(emit.call(function, value)))

            def split(name: str) -> ast.stmt:
                return ast.Expr(emit.call(emit.load(name)))

            self._loops(iterations, inner, append, split, 0)
            frame.block.append(ast.Return(self.method("finished", self.use(results))))
        function = self.define_function(frame, [])
        return self.apply_function(function, node)

    def apply_function(self, function: str, node: syntax.Node) -> ast.expr:
        """Run a nested function; its failure is about a node."""
        return self.method("apply", emit.load(function), self.site(node))

    def _loops(
        self,
        iterations: Sequence[syntax.Iteration],
        names: Names,
        innermost: Callable[[Names], None],
        split: Callable[[str], ast.stmt],
        depth: int,
    ) -> None:
        """Write loops within each other; `split` calls a function made for those too deep for one."""
        if not iterations:
            innermost(names)
            return
        if depth == _LOOPS_PER_FUNCTION:
            with self.nested() as frame:
                self._loops(iterations, names, innermost, split, 0)
                frame.block.append(ast.Return(literal(None)))
            self.frame.block.append(split(self.define_function(frame, [])))
            return
        first, *rest = iterations
        source = self.lower(first.source, names)
        if first.end is None:
            items = self.method("iterate", source)
        else:
            items = self.method("iterate_range", source, self.lower(first.end, names))
        variable = Variable(self.fresh("v"), self.frame)
        with self.branch() as block:
            inner = names.define({first.name: variable})
            self._loops(rest, inner, innermost, split, depth + 1)
        self.frame.block.append(
            ast.For(ast.Name(variable.name, ast.Store()), self.place(items, first), block, [])
        )

    def _quantified(
        self,
        node: syntax.Quantified,
        quantifier: str,
        iterations: Sequence[syntax.Iteration],
        condition: syntax.Expression,
        names: Names,
    ) -> ast.expr:
        decides = quantifier == "some"
        with self.nested() as frame:
            # A list's one item holds the result, so that a nested function can change it too.
            undecided = self.bind(ast.List([literal(not decides)], ast.Load()))

            def judge(within: Names) -> None:
                value = self.bind(self.apply_condition(condition, within))
                # A function of its own, made for deep loops, says by true that all is decided.
                decided = decides if self.frame is frame else True
                item = ast.Subscript(self.use(undecided), literal(0), ast.Store())
                self.frame.block += [
                    ast.If(emit.is_(self.use(value), decides), [ast.Return(literal(decided))], []),
                    ast.If(
                        emit.is_(self.use(value), None), [ast.Assign([item], literal(None))], []
                    ),
                ]

            def split(function: str) -> ast.stmt:
                decided = decides if self.frame is frame else True
                return ast.If(emit.call(emit.load(function)), [ast.Return(literal(decided))], [])

            self._loops(iterations, names, judge, split, 0)
            frame.block.append(
                ast.Return(ast.Subscript(self.use(undecided), literal(0), ast.Load()))
            )
        return self.apply_function(self.define_function(frame, []), node)

    def apply_condition(self, condition: syntax.Expression, names: Names) -> ast.expr:
        """Give the condition of `some` or `every`: true, false or None, or the whole fails."""
        return emit.call(self.pool.name(truth), self.lower(condition, names))

    # ------------------------------------------------------------ filters

    def _filter(
        self,
        node: syntax.Node,
        source: syntax.Expression,
        condition: syntax.Expression,
        names: Names,
    ) -> ast.expr:
        meaning = names.find(source.name)[1] if isinstance(source, syntax.Name) else None
        items: ast.expr
        if isinstance(meaning, Partial):  # only filtered, so it need not be copied
            items = self.use(meaning.results)
        else:
            items = self.lower(source, names)
        with self.nested() as frame:
            item = Variable(self.fresh("v"), frame)
            result = self.lower(condition, self.within(item, source, names))
            frame.block.append(ast.Return(result))
        function = self.define_function(frame, [item.name])
        return self.filtered(node, source, condition, items, emit.load(function))

    def filtered(
        self,
        node: syntax.Node,
        source: syntax.Expression,  # noqa: ARG002 - the typed lowering uses them
        condition: syntax.Expression,  # noqa: ARG002
        items: ast.expr,
        function: ast.expr,
    ) -> ast.expr:
        """Filter items by a condition, or by a position, that a function computes."""
        return self.method("filter", items, function, self.site(node))

    def within(
        self,
        item: Variable,
        source: syntax.Expression,  # noqa: ARG002 - the typed lowering uses it
        names: Names,
    ) -> Names:
        """Give the names that can be used in a filter of `source`."""
        return names.within(item)
