/* Notations of coordinates: latitude first. The sign is a letter; seconds carry over into minutes. */
import { wrapLongitude } from "./longitudes.js";

/** @typedef {{lat: number, lng: number}} Position degrees */

/** @param {Position} at @param {number} [digits] @returns {Position} */
export const rounded = ({ lat, lng }, digits = 5) => ({
  lat: Number(lat.toFixed(digits)), lng: Number(wrapLongitude(lng).toFixed(digits)),
});

/** @param {number} value degrees @param {string} letters of the positive and the negative half */
const decimal = (value, letters) => `${Math.abs(value).toFixed(5)}° ${letters[Number(value < 0)]}`;

/** @param {number} value degrees @param {string} letters of the positive and the negative half */
function sexagesimal(value, letters) {
  const all = Math.round(Math.abs(value) * 360000); // hundredths of a second
  const minutes = String(Math.floor(all / 6000) % 60).padStart(2, "0");
  const seconds = ((all % 6000) / 100).toFixed(2).padStart(5, "0");
  return `${Math.floor(all / 360000)}° ${minutes}' ${seconds}" ${letters[Number(value < 0)]}`;
}

/** @param {Position} at */
export const decimalDegrees = (at) => `${decimal(at.lat, "NS")}, ${decimal(at.lng, "EW")}`;

/** @param {Position} at */
export const degreesMinutesSeconds = (at) => `${sexagesimal(at.lat, "NS")}, ${sexagesimal(at.lng, "EW")}`;

/** The parts of an MGRS reference that are set apart: zone, square, easting, northing.
 * @param {string} reference */
export function mgrsParts(reference) {
  const half = (reference.length - 5) / 2;
  const ends = [reference.length - 2 * half - 2, reference.length - 2 * half, reference.length - half, reference.length];
  return ends.map((end, i) => reference.slice(i ? ends[i - 1] : 0, end));
}

/** @param {number} m */
export const metres = (m) => (Math.round(m) < 1000 ? `${Math.round(m)} m`
  : `${(m / 1000).toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 })} km`);

/** @param {number | null} bearing degrees; null where two points coincide */
export const bearingText = (bearing) => (bearing === null ? "–" : `${String(Math.round(bearing) % 360).padStart(3, "0")}°`);

/** The initial bearing on a sphere, in degrees from north.
 * @param {Position} from @param {Position} to */
export function sphericalBearing(from, to) {
  const [a, b, turn] = [from.lat, to.lat, to.lng - from.lng].map((value) => (value * Math.PI) / 180);
  const y = Math.sin(turn) * Math.cos(b);
  const x = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(turn);
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
}
