"""An image -> the bytes that a page carries: no more pixels than are to be seen, few colours."""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np
from PIL import Image

from literate.figure import palette
from literate.figure.box import Box

RASTER_DPI = 144
"""How many pixels an inch of an image has at most."""
PHOTOGRAPH = 150_000
"""An opaque image of many colours that takes more bytes than this is kept as a photograph is."""


@dataclass(frozen=True)
class Picture:
    """An image and where it lies, to look up the colour of a place."""

    pixels: Any
    box: Box

    def at(self, x: float, y: float) -> tuple[str, float]:
        """The colour of a place and its opacity."""
        left, top, right, bottom = self.box
        rows, columns = self.pixels.shape[:2]
        column = min(columns - 1, max(0, int((x - left) / ((right - left) or 1) * columns)))
        row = min(rows - 1, max(0, int((y - top) / ((bottom - top) or 1) * rows)))
        red, green, blue, alpha = (self.pixels[row, column] / 255).tolist()
        return palette.hexed((red, green, blue)), alpha


def cut(pixels: Any, box: Box, near: Box) -> tuple[Any, Box]:
    """Those pixels of an image that lie near, which are smaller where one is larger than that."""
    sides = []
    for axis in (1, 0):  # columns, rows
        (low, high), (least, most) = box[1 - axis :: 2], near[1 - axis :: 2]
        count, reach = pixels.shape[axis], most - least
        size = (high - low) / count
        first = max(0, floor((least - low) / size))
        last = min(count, max(first + 1, ceil((most - low) / size)))
        pixels = pixels.take(range(first, last), axis)
        low, high = low + first * size, low + last * size
        if size > reach:  # one or two are left, the two alike
            middle = low + size
            low, high = (
                (middle - reach, middle + reach)
                if last - first == 2
                else (max(low, least), min(high, most))
            )
        sides.append((low, high))
    (left, right), (top, bottom) = sides
    return pixels, (left, top, right, bottom)


def cropped(pixels: Any, box: Box) -> tuple[Any, Box]:
    """An image without its empty margins; `None` of an empty one."""
    if pixels.shape[2] < 4:
        return pixels, box
    rows, columns = (np.flatnonzero(pixels[..., 3].any(axis)) for axis in (1, 0))
    if not len(rows):
        return None, box
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    wide = (box[2] - box[0]) / pixels.shape[1]
    high = (box[3] - box[1]) / pixels.shape[0]
    inner = (
        float(box[0] + left * wide),
        float(box[1] + top * high),
        float(box[0] + right * wide),
        float(box[1] + bottom * high),
    )
    return pixels[top:bottom, left:right], inner


def sampled(pixels: Any, box: Box) -> Any:
    """An image of no more pixels than are to be seen, taken as matplotlib takes the nearest."""
    for axis, size in ((0, box[3] - box[1]), (1, box[2] - box[0])):
        most = max(1, round(abs(size) * RASTER_DPI / 72))
        have = pixels.shape[axis]
        if have > most:
            pixels = pixels.take(((np.arange(most) + 0.5) * have / most).astype(int), axis)
    return pixels


def encoded(pixels: Any) -> tuple[bytes, str]:
    """An image as PNG, few colours by number, opaque ones without opacity; a large one as JPEG."""
    pixels = np.ascontiguousarray(pixels)
    if pixels.shape[2] == 4:
        colours, places = np.unique(pixels.view(np.uint32), return_inverse=True)
        if len(colours) <= 256:
            image = Image.fromarray(places.reshape(pixels.shape[:2]).astype(np.uint8), "P")
            table = colours.view(np.uint8).reshape(-1, 4)
            image.putpalette(table[:, :3].tobytes())
            options: dict[str, Any] = {"format": "png", "optimize": True}
            if (table[:, 3] < 255).any():
                options["transparency"] = table[:, 3].tobytes()
            return saved(image, **options), "png"
        if (pixels[..., 3] == 255).all():
            pixels = np.ascontiguousarray(pixels[..., :3])
    image = Image.fromarray(pixels)
    png = saved(image, format="png", compress_level=9)
    if len(png) < PHOTOGRAPH or image.mode != "RGB":
        return png, "png"
    jpeg = saved(image, format="jpeg", quality=90)
    return (jpeg, "jpeg") if len(jpeg) < len(png) else (png, "png")


def saved(image: Image.Image, **options: Any) -> bytes:
    """The image as a file."""
    file = io.BytesIO()
    image.save(file, **options)
    return file.getvalue()
