"""Colour arithmetic for tests: contrast, colour-vision deficiencies and colour differences.

Contrast is that of WCAG 2.2 (relative luminance of sRGB). Deficiencies are simulated after Machado,
Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
IEEE TVCG 15 (2009), severity 1.0, on linear RGB. Differences are CIEDE2000 (Sharma, Wu and Dalal,
Color Research and Application 30, 2005), with CIELAB under D65.
"""

from __future__ import annotations

import math

import numpy as np

DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])  # D65


def to_linear(colour: str) -> np.ndarray:
    """Return "#rrggbb" as linear RGB, 0 to 1."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted(float(to_linear(colour) @ _TO_XYZ[1]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def to_lab(linear: np.ndarray) -> np.ndarray:
    """Return linear RGB as CIELAB."""
    ratio = _TO_XYZ @ linear / _WHITE
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one: str, other: str, deficiency: str = "none") -> float:
    """Return how far apart two colours are seen, in units of CIEDE2000."""
    matrix = DEFICIENCIES[deficiency]
    labs = [to_lab(np.clip(matrix @ to_linear(colour), 0, 1)) for colour in (one, other)]
    return ciede2000(*labs)


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """Return the CIEDE2000 difference of two CIELAB colours."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25.0**7))
    c1, c2 = math.hypot(stretch * a1, b1), math.hypot(stretch * a2, b2)
    h1 = math.degrees(math.atan2(b1, stretch * a1)) % 360
    h2 = math.degrees(math.atan2(b2, stretch * a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    light, chroma = l2 - l1, c2 - c1
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    middle = h1 + turn / 2 if c1 * c2 else h1 + h2
    return _weigh((l1 + l2) / 2, (c1 + c2) / 2, middle, (light, chroma, hue))


def _weigh(light: float, chroma: float, hue: float, deltas: tuple[float, float, float]) -> float:
    def cosine(degrees: float) -> float:
        return math.cos(math.radians(degrees))

    t = (
        1
        - 0.17 * cosine(hue - 30)
        + 0.24 * cosine(2 * hue)
        + 0.32 * cosine(3 * hue + 6)
        - 0.20 * cosine(4 * hue - 63)
    )
    off = (light - 50) ** 2
    weights = (1 + 0.015 * off / math.sqrt(20 + off), 1 + 0.045 * chroma, 1 + 0.015 * chroma * t)
    dl, dc, dh = (delta / weight for delta, weight in zip(deltas, weights, strict=True))
    turn = 30 * math.exp(-((((hue % 360) - 275) / 25) ** 2))
    twist = 2 * math.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * math.sin(math.radians(2 * turn))
    return math.sqrt(dl**2 + dc**2 + dh**2 - twist * dc * dh)
