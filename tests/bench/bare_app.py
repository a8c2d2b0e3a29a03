"""The least that any Textual app of this kind shows: what the start of `tutor` is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Input, Tree


class Bare(App[None]):
    """A header, a tree, an input and a footer."""

    BINDINGS = [("q", "quit", "Leave")]

    def compose(self) -> ComposeResult:
        """The four widgets."""
        tree: Tree[None] = Tree("Course")
        tree.root.expand()
        tree.root.add_leaf("First screen")
        yield Header()
        yield tree
        yield Input()
        yield Footer()


if __name__ == "__main__":
    Bare().run()
