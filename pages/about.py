"""How this map is made, its sources, its classes of precision, its licences."""

from geo.ui import reading

reading.method()
reading.precision()
reading.sources()
reading.licences()
