"""Scenes and briefings, as frozen records; change by copy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geo.text.slugs import make_unique, slugify
from geo.view import View

HEADLINE, SAYS, NOTES, SCENES = 160, 500, 6000, 100
"""At most: letters of a headline, of a statement, of the notes; scenes of a briefing."""


@dataclass(frozen=True)
class Statement:
    """A statement of a scene, and the ids of its claims (at least one)."""

    says: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """One step of a briefing.

    `id` (a-z, 0-9 and "-") is unique in its briefing, since a link names it. `view` includes its
    page. `notes` are what the speaker reads: plain text, paragraphs separated by an empty line.
    """

    id: str
    view: View
    headline: Statement
    statements: tuple[Statement, ...] = ()
    notes: str = ""

    @property
    def claims(self) -> tuple[str, ...]:
        """Ids of all claims that the scene rests on, each once, in the order they are named."""
        said = (self.headline, *self.statements)
        return tuple(dict.fromkeys(claim for statement in said for claim in statement.claims))


@dataclass(frozen=True)
class Briefing:
    """An ordered list of scenes under a title; `name` is the file's name without its ending."""

    name: str
    title: str
    subtitle: str = ""
    scenes: tuple[Scene, ...] = ()

    def find_position(self, scene_id: str | None) -> int:
        """Return the position of a scene, 0 for one that is not there."""
        return next((i for i, scene in enumerate(self.scenes) if scene.id == scene_id), 0)

    def has(self, scene_id: str) -> bool:
        """Whether there is a scene of that id."""
        return any(scene.id == scene_id for scene in self.scenes)

    def add_scene(self, scene: Scene) -> Briefing:
        """Return the briefing with a scene appended under a unique id."""
        return replace(self, scenes=(*self.scenes, replace(scene, id=self.find_free_id(scene.id))))

    def remove_scene(self, scene_id: str) -> Briefing:
        """Return the briefing without one scene."""
        return replace(self, scenes=tuple(s for s in self.scenes if s.id != scene_id))

    def move_scene(self, scene_id: str, by: int) -> Briefing:
        """Return the briefing with one scene moved up (-1) or down (1), ends included."""
        if not self.has(scene_id):
            return self
        scenes, at = list(self.scenes), self.find_position(scene_id)
        scene = scenes.pop(at)
        scenes.insert(min(max(at + by, 0), len(scenes)), scene)
        return replace(self, scenes=tuple(scenes))

    def replace_scene(self, scene_id: str, scene: Scene) -> Briefing:
        """Return the briefing with one scene replaced; the id stays."""
        scenes = (replace(scene, id=scene_id) if one.id == scene_id else one for one in self.scenes)
        return replace(self, scenes=tuple(scenes))

    def find_free_id(self, wanted: str) -> str:
        """Return an id that no scene has yet, made from a text."""
        taken = (scene.id for scene in self.scenes)
        return make_unique([slugify(wanted) or "scene"], taken, separator="-")[0]
