"""The picture of a computation graph, as character cells and as SVG."""

from tutor.drawing.boxes_and_wires import Box, Layout, Region, Wire
from tutor.drawing.graphlay_process import NoPictureError
from tutor.drawing.layout import lay_out
from tutor.drawing.raster import Picture, paint
from tutor.drawing.svg import to_svg
from tutor.drawing.view import PREVIEW_STYLES, STYLES, GraphView, Label, Reading, graph_view, graph_wires

__all__ = [
    "PREVIEW_STYLES",
    "STYLES",
    "Box",
    "GraphView",
    "Label",
    "Layout",
    "NoPictureError",
    "Picture",
    "Reading",
    "Region",
    "Wire",
    "graph_view",
    "graph_wires",
    "lay_out",
    "paint",
    "to_svg",
]
