/* A small map on which somebody sets one point: a click sends its position to the page, which answers
   with the point as it is understood. Enter sets the point in the middle of the map. */
import { drawBasemap } from "./basemap.js";
import { element } from "./dom.js";
import { textMarker } from "./labels.js";
import { unwrapLongitude } from "./longitudes.js";

const DECIMALS = 5; // of a degree: 1 m
const CLOSE_ZOOM = 11; // of a point that was typed and is out of sight

/** @param {number} degrees */
const rounded = (degrees) => Number(degrees.toFixed(DECIMALS));

/** @param {string} id of the element @param {MapState} state with host and options */
export function mountSpotMap(id, state) {
  const { host, options } = state;
  const map = L.map(id, { attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, minZoom: 2, maxZoom: 17 });
  document.body.classList.add("spot-map");
  state.map = map;
  host.followTheme((theme) => { document.documentElement.dataset.theme = theme; });
  map.fitBounds(options.bounds, { animate: false });
  state.symbols = L.layerGroup().addTo(map);
  state.ready = drawBasemap(state).then((labels) => {
    state.labels = labels;
    state.ground?.addTo(map);
  });
  L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(map);
  map.on("click", ({ latlng }) => setSpot(state, latlng));
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === map.getContainer()) setSpot(state, map.getCenter());
  });
  return map;
}

/** @param {MapState} state @param {L.LatLng} at */
function setSpot(state, at) {
  const { lat, lng } = at.wrap();
  drawSpot(state, [lat, lng, 0]);
  state.host.send({ spot: [rounded(lat), rounded(lng)] });
}

/** Show the point that the page has; without one, none.
 * @param {MapState} state @param {SpotMessage} message */
export function showSpot(state, { spot }) {
  state.symbols.clearLayers();
  if (!spot) return;
  drawSpot(state, spot);
  const [lat, lon] = [spot[0], unwrapLongitude(spot[1])];
  if (!state.map.getBounds().contains([lat, lon])) state.map.setView([lat, lon], CLOSE_ZOOM, { animate: false });
}

/** @param {MapState} state @param {[lat: number, lon: number, radius: number]} spot */
function drawSpot({ map, symbols }, [lat, longitude, radius]) {
  const lon = unwrapLongitude(longitude);
  symbols.clearLayers();
  if (radius) {
    const style = { radius, pane: "areas", className: "place place-vicinity", interactive: false };
    symbols.addLayer(L.circle([lat, lon], style));
  }
  symbols.addLayer(textMarker([lat, lon], element("i", "spot-mark"), "sites"));
  map.getContainer().dataset.spot = `${rounded(lat)},${rounded(longitude)}`;
}
