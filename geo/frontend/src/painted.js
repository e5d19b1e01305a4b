/* Reports what is painted, for tests and benchmarks. */

const IDS_AT_MOST = 1000;

/** Say what is on the map: window.paintedSelection = {token, ids}, ids only where they are few and all there.
 * @param {MapState} state @param {MapData} data */
export function reportPainted({ map }, { claims, layers }) {
  const whole = layers.every((layer) => !layer.density && !layer.too_many);
  const ids = [claims, ...layers].flatMap(({ features }) => features.map((feature) => feature.id));
  const { token } = claims; // of what was drawn: the answer names its own selection
  window.paintedSelection = { token, ...(whole && ids.length <= IDS_AT_MOST ? { ids } : {}) };
  map.getContainer().dataset.token = token;
}
