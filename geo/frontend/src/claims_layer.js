/* Draws the claims of a view with their places, routes and rings. */
import { groupBy, isArea, isRoute } from "./claim_groups.js";
import { addDistances, nameDistances } from "./distance_arcs.js";
import { PlaceSymbols } from "./place_symbols.js";
import { addRings, addRoutes } from "./routes_layer.js";
/** @import { DrawOptions } from "./place_symbols.js" */

/** Draw all claims with their places, routes and rings.
 * @param {L.LayerGroup} into @param {MapState} state @param {MapData} data @param {DrawOptions} options */
export function addClaims(into, state, data, options) {
  const drawn = data.claims.features.filter((claim) => claim.geometry);
  const places = new Map(data.places.features.map((place) => [place.id, place]));
  const groups = groupBy(drawn, (claim) => claim.properties.place);
  const symbols = new PlaceSymbols(into, state, data.claims, options);
  /** @param {string} key @param {(group: L.LayerGroup) => void} draw */
  const together = (key, draw) => {
    const make = () => { const group = L.layerGroup(); draw(group); return group; };
    into.addLayer(options.kept ? options.kept.take(key, make) : make());
  };
  if (options.rings) together("rings", (group) => addRings(group, data.rings, state.labels));
  else state.labels?.keepNames("rings", []);
  if ([...places.values()].some((place) => isRoute(place) && groups.has(place.id))) {
    together("routes", (group) => addRoutes(group, data.routes));
  }
  for (const place of places.values()) {
    if (!groups.has(place.id) && !isRoute(place) && !isArea(place)) {
      symbols.outline(place, "quiet", []);
      symbols.site(place, []);
    }
  }
  const far = drawn.filter((claim) => claim.properties.arc).map(({ id }) => id);
  together(`distances ${symbols.chosen} ${far}`, (group) => addDistances(group, drawn, symbols.chosen, options.pick));
  if (state.labels) state.labels.arcs = nameDistances(drawn);
  for (const id of [...groups.keys()].sort()) {
    const place = places.get(id);
    const claims = groups.get(id) ?? [];
    if (!place) continue;
    const spots = claims.filter((claim) => !claim.properties.arc);
    if (!isRoute(place)) {
      for (const [kind, some] of groupBy(spots, (claim) => claim.properties.location_class)) {
        symbols.outline({ ...place, geometry: some[0].geometry ?? place.geometry }, kind, some);
      }
    }
    symbols.site(place, claims);
  }
}
