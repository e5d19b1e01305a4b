/* What the map says of online tiles that do not come. */

const CHOOSE = "Choose “Drawn map” under “Places and base map” to do without.";

/** What the map says of tiles that do not come; empty where they do.
 * @param {Pick<TileSource, "title" | "host">} source @param {{ loaded: number, failed: number, slow: boolean }} seen */
export function describeTiles({ title, host }, { loaded, failed, slow }) {
  if (loaded && failed) return `Parts of ${title} are missing: ${host} does not send them. ${CHOOSE}`;
  if (failed) return `${title} cannot be shown: no tiles come from ${host}. The drawn map is in its place. ${CHOOSE}`;
  if (slow && !loaded) return `${title} is slow: ${host} has sent no tile yet. The drawn map is in its place. ${CHOOSE}`;
  return "";
}
