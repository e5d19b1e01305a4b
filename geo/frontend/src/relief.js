/* The relief of the base map: pictures of light and shade over the land, below waters and borders. It
   is too coarse for near views, and fades out there. How strong it is in light, dark and print is in
   geo/mapping/theme.py. */
import { config } from "./config.js";

/** How much of it is drawn at a zoom, as find_strength of geo/mapping/relief.py.
 * @param {number} zoom @param {{full: number, gone: number}} zooms @returns {number} 0 to 1 */
export const reliefStrength = (zoom, { full, gone }) => Math.min(1, Math.max(0, (gone - zoom) / (gone - full)));

/** @param {MapState} state */
export function addRelief({ map, host }) {
  const { relief } = config;
  const pane = map.getPane("relief");
  if (!relief.pictures.length || !pane) return;
  const pictures = L.layerGroup(relief.pictures.map(({ path, bounds: [west, south, east, north] }) =>
    L.imageOverlay(host.address(path), [[south, west], [north, east]], { pane: "relief" })));
  const fade = () => {
    const strength = reliefStrength(map.getZoom(), relief);
    pane.style.setProperty("--fade", String(strength));
    if (strength) pictures.addTo(map); else pictures.remove();
  };
  map.on("zoom zoomend", fade);
  fade();
}
