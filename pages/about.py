"""How this map is made, its sources, its classes of precision, its licences."""

from geo.ui import about_sections

about_sections.method()
about_sections.precision()
about_sections.sources()
about_sections.licences()
