/* Longitudes of a map that is drawn about another meridian than Greenwich, as one is whose frame crosses
   180 degrees. What is sent, copied and written for people has longitudes from -180 to 180. */
import { config } from "./config.js";

/** A longitude between -180 and 180, both included.
 * @param {number} lng degrees, on a map that may show the world more than once */
export const wrapLongitude = (lng) => (lng >= -180 && lng <= 180 ? lng : ((((lng + 180) % 360) + 360) % 360) - 180);

/** The longitude at which the map draws a place: at most 180 degrees from its meridian.
 * @param {number} lng degrees @param {number} [meridian] */
export function unwrapLongitude(lng, meridian = config.meridian) {
  const west = meridian - 180;
  if (!meridian || (lng >= west && lng <= west + 360)) return lng;
  return ((((lng - west) % 360) + 360) % 360) + west;
}
