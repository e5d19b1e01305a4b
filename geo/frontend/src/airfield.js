/* The air base of a page: runways, their numbers, and aprons, of which no outline is held. */
import { basemapFile, inPane, paths } from "./panes.js";
/** @import { Feature, FeatureCollection, Point, Polygon } from "geojson" */
/** @import { FurtherName, NameSpot } from "./labels.js" */
/** @import { NearSide, Side } from "./label_layout.js" */

/** @typedef {{ kind: "runway", designator: string, side?: string }} Runway
 * @typedef {{ kind: "apron", name: string }} Apron
 * @typedef {{ from: L.LatLng, to: L.LatLng }} Axis the middles of a strip's two ends */

const RUNWAYS_FROM_ZOOM = 11;
const NAMES_FROM_ZOOM = 12;
const NOT_HELD = "outline not held";
const BESIDE = 5; // pixels from a strip to its number
const BEYOND = [14, 22, 30, 38]; // the same where the number is outside of the place's outline
const APART = [8, 24, 40, 60, 80]; // pixels from an apron to one name for all, which has their mark before it
const ALONG = [0.05, 0.1, 0.15]; // shares of a strip, from its end, where its number may be beside it
const ENDS = ["top", "bottom", "left", "right"]; // of strips, where they are on the map
const LATERAL = /** @type {const} */ (["left", "right"]);
const UPRIGHT = /** @type {const} */ (["top", "bottom"]);

/** The axis of a strip: between the middles of its two shorter edges.
 * @param {Polygon} strip @returns {Axis} */
function axisOf({ coordinates: [[a, b, c, d]] }) {
  const spots = [a, b, c, d].map(([lon, lat]) => L.latLng(lat, lon));
  const [one, two, three, four] = spots;
  /** @param {L.LatLng} p @param {L.LatLng} q */
  const middle = (p, q) => L.latLng((p.lat + q.lat) / 2, (p.lng + q.lng) / 2);
  return one.distanceTo(two) < two.distanceTo(three)
    ? { from: middle(one, two), to: middle(three, four) } : { from: middle(two, three), to: middle(four, one) };
}

/** Steps to the east and to the north from one spot to another, in degrees of latitude.
 * @param {L.LatLng} from @param {L.LatLng} to */
const steps = (from, to) => ({
  east: (to.lng - from.lng) * Math.cos((from.lat * Math.PI) / 180), north: to.lat - from.lat,
});

/** The sides of a strip's end where a number may be: beyond the end, then beside it, the outer side first.
 * @param {L.LatLng} end @param {L.LatLng} other @param {string} [outer] "east" or "west"
 * @returns {{ beyond: NearSide[], beside: Side[] }} */
export function sidesOfEnd(end, other, outer) {
  const { east, north } = steps(other, end);
  if (Math.abs(north) < Math.abs(east)) return { beyond: [east > 0 ? "right" : "left"], beside: [...UPRIGHT] };
  const out = north > 0 ? "top" : "bottom";
  const beside = outer === "east" ? LATERAL.toReversed() : [...LATERAL];
  const aslant = outer ? beside.slice(0, 1) : beside;
  return { beyond: [...aslant.map((side) => /** @type {NearSide} */ (`${out}-${side}`)), out], beside };
}

/** Where the number at an end of a strip may be: beyond it, beside it, beside the strip near it, or farther out.
 * @param {L.LatLng} end @param {L.LatLng} other @param {string} [outer] @returns {NameSpot & { also: NameSpot[], group: string }} */
function spotsOfEnd(end, other, outer) {
  const { lat, lng: lon } = end;
  const { beyond, beside } = sidesOfEnd(end, other, outer);
  const near = ALONG.map((share) => ({
    lat: lat + share * (other.lat - lat), lon: lon + share * (other.lng - lon), sides: beside, off: BESIDE,
  }));
  const far = BEYOND.map((off) => ({ lat, lon, sides: beyond, off }));
  return { lat, lon, sides: [...beyond, ...beside], off: BESIDE, also: [...near, ...far], group: beyond[beyond.length - 1] };
}

/** The numbers of a runway, each at the end where an aircraft sees it: 17 is where one sets out southwards.
 * What is no pair of numbers is one name, at the northern end.
 * @param {Runway} known @param {Axis} axis @param {L.LatLng[][]} strips @returns {FurtherName[]} */
export function runwayNames({ designator, side }, { from, to }, strips) {
  const ends = from.lat > to.lat ? [[from, to], [to, from]] : [[to, from], [from, to]];
  const spots = ends.map(([end, other]) => spotsOfEnd(end, other, side));
  const common = {
    className: "runway-name", fromZoom: NAMES_FROM_ZOOM, clearOf: strips, noted: { noun: "runway", text: designator },
  };
  const numbers = designator.split("/");
  if (numbers.length !== 2 || !numbers.every((one) => /^\d/.test(one))) {
    return [{ ...spots[0], ...common, text: designator, also: [...spots[0].also, spots[1], ...spots[1].also] }];
  }
  const { east, north } = steps(ends[0][0], ends[0][1]);
  const heading = (parseInt(numbers[0], 10) * Math.PI) / 18;
  const first = east * Math.sin(heading) + north * Math.cos(heading) > 0 ? 0 : 1;
  return numbers.map((text, i) => ({ ...spots[i ? 1 - first : first], ...common, text }));
}

/** One name for the numbers at the same ends of strips that are too near each other.
 * @param {FurtherName[]} numbers @returns {FurtherName} */
function numbersTogether(numbers) {
  if (numbers.length < 2) return numbers[0];
  const sorted = numbers.toSorted((a, b) => a.lon - b.lon || b.lat - a.lat);
  const lat = sorted.reduce((sum, one) => sum + one.lat, 0) / sorted.length;
  const lon = sorted.reduce((sum, one) => sum + one.lon, 0) / sorted.length;
  const out = numbers[0].group;
  const sides = /** @type {NearSide[]} */ ([out, ...(out === "top" || out === "bottom" ? [`${out}-left`, `${out}-right`] : UPRIGHT)]);
  const also = BEYOND.map((off) => ({ lat, lon, sides, off }));
  return { ...sorted[0], text: sorted.map(({ text }) => text).join(" · "), lat, lon, sides, also };
}

/** How the numbers may be: all of them inside of the outline, or all outside; by themselves, or those of an end together.
 * @param {FurtherName[]} numbers @returns {FurtherName[][]} */
export function numberChoices(numbers) {
  const ends = ENDS.map((out) => numbers.filter(({ group }) => group === out)).filter(({ length }) => length);
  const joined = ends.map(numbersTogether);
  /** @type {Array<[FurtherName[], boolean]>} */
  const ways = [[numbers, true], [numbers, false], [joined, false], [joined, true]];
  return ways.map(([names, within]) => names.map((one) => ({ ...one, within })));
}

/** @param {Array<Feature<Point, Apron>>} aprons @param {L.LatLng[][]} strips @returns {FurtherName[]} */
const apronNames = (aprons, strips) => aprons.map(({ geometry: { coordinates: [lon, lat] }, properties: { name } }) => ({
  lat, lon, text: name, note: NOT_HELD, sides: ["left", "right", "top", "bottom"], className: "apron", mark: true,
  fromZoom: NAMES_FROM_ZOOM, clearOf: strips, noted: { noun: "apron", text: name },
}));

/** How the names of the aprons in sight may be: each at its own, or one for all.
 * @param {FurtherName[]} names @returns {FurtherName[][]} */
function apronChoices(names) {
  if (names.length < 2) return [names];
  const also = APART.flatMap((off) => names.map(({ lat, lon, sides }) => ({ lat, lon, sides, off })));
  const text = `${names.length} aprons`;
  const together = { ...names[0], also, className: "apron together", text, note: "outlines not held" };
  return [names, [together]];
}

/** @param {Feature[]} features @returns {FeatureCollection} */
const collection = (features) => ({ type: "FeatureCollection", features });

/** @param {Array<Feature<Polygon>>} strips */
const ringsOf = (strips) => strips.map(({ geometry }) => geometry.coordinates[0].map(([lon, lat]) => L.latLng(lat, lon)));

/** Draw the air base. The names are laid with those of the map.
 * @param {MapState} state @param {FeatureCollection<any, any>} data @returns {() => void} removes it */
export function airfield({ map, labels }, data) {
  const runways = /** @type {Array<Feature<Polygon, Runway>>} */ (data.features.filter(({ properties }) => properties.kind === "runway"));
  const aprons = /** @type {Array<Feature<Point, Apron>>} */ (data.features.filter(({ properties }) => properties.kind === "apron"));
  const strips = paths(collection(runways), "base", { className: "runway", smoothFactor: 0.6, stroke: true, fill: true });
  const marks = paths(collection(aprons), "base", { className: "apron-mark" }, {
    pointToLayer: (_, at) => L.circleMarker(at, { ...inPane("base"), radius: 2.5, interactive: false }),
  });
  const rings = ringsOf(runways);
  const numbers = runways.flatMap(({ geometry, properties }) => runwayNames(properties, axisOf(geometry), rings));
  const names = apronNames(aprons, rings);
  labels?.keepNames("runways", numbers, numberChoices);
  labels?.setNames("aprons", names, apronChoices);
  const group = L.layerGroup([strips, marks]);
  const lay = () => { if (map.getZoom() >= RUNWAYS_FROM_ZOOM) group.addTo(map); else group.remove(); };
  map.on("zoomend", lay);
  lay();
  return () => {
    map.off("zoomend", lay);
    group.remove();
    labels?.keepNames("runways", []);
    labels?.setNames("aprons", []);
  };
}

/** Draw the local geography of the case, under what is reported, and name what has a name.
 * @param {MapState} state @param {FeatureCollection<any, any>} data
 * @param {FeatureCollection<any, any>} [base] runways, on which no name is */
export function drawLocal({ map, labels }, data, base) {
  const clearOf = ringsOf((base?.features ?? []).filter(({ properties }) => properties.kind === "runway"));
  const layers = data.features.map((one) => {
    const fill = /Polygon/.test(one.geometry.type);
    const className = fill ? `local-${one.properties.kind}` : `local-${one.properties.kind} line`;
    return { fill, layer: paths(one, "base", { className, fill, smoothFactor: 0.6 }).addTo(map) };
  });
  const names = layers.flatMap(({ layer }, i) => {
    const { name } = data.features[i].properties;
    if (!name) return [];
    const { lat, lng: lon } = layer.getBounds().getCenter();
    /** @type {FurtherName} */
    const one = {
      lat, lon, text: name, sides: ["right", "left", "top", "bottom"], className: "local", fromZoom: NAMES_FROM_ZOOM, clearOf,
    };
    return [one];
  });
  labels?.setNames("local", names);
}

/** @type {{wanted: boolean, remove: (() => void) | null}} */
const scenery = { wanted: false, remove: null };

/** Show or remove the scenery that comes and goes with the scenes of a briefing.
 * @param {MapState} state @param {string[]} names */
export async function setScenery(state, names) {
  if (state.locator) state.locator.wanted = names.includes("locator");
  scenery.wanted = names.includes("airfield");
  if (!scenery.wanted && scenery.remove) { scenery.remove(); scenery.remove = null; }
  if (!scenery.wanted || scenery.remove) return;
  const data = await basemapFile(state, "airfield");
  if (scenery.wanted && !scenery.remove) scenery.remove = airfield(state, data);
}
