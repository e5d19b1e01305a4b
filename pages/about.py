"""How this map is made, its sources, its classes of precision, its licences."""

from geo.ui import about_sections

about_sections.draw_method()
about_sections.draw_precision_classes()
about_sections.draw_ratings()
about_sections.draw_sources()
about_sections.draw_licences()
