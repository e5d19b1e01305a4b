"""A map page as a case describes it: headline, map and panel, then the sections that it names."""

from collections.abc import Callable, Mapping

from geo.ui import about_sections, page_sections, share_panel

SECTIONS: Mapping[str, Callable[[], None]] = {
    "table": page_sections.draw_table,
    "systems by day": page_sections.draw_system_days,
    "legs of roads": about_sections.draw_road_legs,
    "videos": about_sections.draw_videos,
}
"""How each section of `geo.evidence.case.Section` is drawn."""


def draw_map_page() -> None:
    """Draw the map page of this run."""
    page_sections.draw_heading()
    page_sections.draw_map_and_panel()
    for name in page_sections.current_page().spec.sections:
        SECTIONS[name]()
    share_panel.draw_share_panel()
