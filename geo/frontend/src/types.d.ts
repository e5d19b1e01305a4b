/* Types of what the server sends, and of what the modules share; every module has them without an import. */
type MapGeometry = import("geojson").Geometry;
type MapFeature<G extends MapGeometry | null, P> = import("geojson").Feature<G, P>;

/* ---- the configuration, written by the server after the bundle ---- */

interface Config {
  stance: Record<string, { label: string; short: string; mark: string; light: string; dark: string }>;
  certainty: Record<string, { label: string; opacity: number }>;
  /** Evidence kind to the name of its icon. */
  sign: Record<string, string>;
  /** SVG paths of the icons, 16 x 16 units; filled are those of "when", 20 x 8, and of "ring", 8 x 20. */
  signs: Record<"evidence" | "stance" | "conflict" | "when" | "ring", Record<string, string>>;
  /** State of review of what is not published: the word on its mark. */
  review: Record<string, string>;
  /** Groups of the legend with their titles, in order. */
  legendGroups: Record<string, string>;
  /** URL parameters that filter, in the order of a link. */
  filterParameters: string[];
  /** Sizes of text, in pixels; see geo/mapping/design.py. */
  type: Record<string, number>;
  /** Values that a query leaves out. */
  filterDefaults: Record<string, string>;
  /** Files of the offline base map, from below to above. */
  baseMap: string[];
  /** Attribution of the offline base map. */
  baseCredit: string;
  /** Where land and sea are known (west, south, east, north); null where the world is drawn around. */
  known: [number, number, number, number] | null;
  /** Pictures of the relief with west, south, east, north in degrees, and the zooms between which it fades. */
  relief: { full: number; gone: number; pictures: { path: string; bounds: [number, number, number, number] }[] };
  /** Degrees: 0, or the meridian about which a map that crosses 180 is drawn. */
  meridian: number;
  /** Layers shipped with the app; the first has the claims, the others depend on no filter. */
  builtinLayers: string[];
  /** What the locator shows: south-west and north-east; the country's name and its position. */
  locator: { bounds: [[number, number], [number, number]]; name: string; at: [lat: number, lon: number] | null };
}

/* ---- messages of the page ---- */

interface Scene {
  key: string;
  bounds: L.LatLngBoundsLiteral;
  scenery: string[];
  towns: string[];
  listed: boolean;
}

interface TileSource {
  url: string;
  title: string;
  /** The server that is asked. */
  host: string;
  maxZoom: number;
  attribution: string;
}

/** Which names are on the map; see geo/text/map_names.py. */
type NameChoice = "en" | "ar" | "both";

/** A view to show: parts of addresses, never a feature. See geo/mapping/folium_map.py. */
interface ViewMessage {
  token: string;
  /** Data version. */
  v: string;
  /** Query string of the filters. */
  q: string;
  layers?: string[];
  chosen?: string;
  at?: [lat: number, lon: number, zoom: number];
  /** Pixels of the map that the camera was chosen on. */
  screen?: [width: number, height: number];
  /** Whether the page shows a link of this map, which has its camera. */
  shared?: true;
  tiles?: TileSource;
  /** Which names are on the map; without it, English ones. */
  names?: NameChoice;
  /** How the days are played. */
  play?: Playback;
  scene?: Scene;
}

/** A playback of the days, as geo/playback.py has it. */
interface Playback {
  /** Days of each step. */
  days: number;
  /** Seconds that each step is shown. */
  seconds: number;
  loop: boolean;
}

interface RequestedView extends ViewMessage {
  layers: string[];
  from?: string;
  to?: string;
}

interface MapOptions {
  page: string;
  bounds: L.LatLngBoundsLiteral;
  scenery: string[];
  towns: string[];
  places: string[];
  listed?: boolean;
  lock?: boolean;
  /** The place in the page's headline. */
  heading?: string;
  stage?: boolean;
  /** A small map on which somebody sets one point. */
  spot?: boolean;
}

/** The point that is set on a small map, with the metres of the circle round it; null for none. */
interface SpotMessage {
  spot: [lat: number, lon: number, radius: number] | null;
}

/* ---- answers of the server ---- */

interface Collection<P = import("geojson").GeoJsonProperties, G extends MapGeometry | null = MapGeometry> {
  type: "FeatureCollection";
  features: Array<MapFeature<G, P> & { id: string }>;
}

interface ClaimProperties {
  place: string;
  location_class: string;
  certainty: string;
  stance: string;
  evidence: string;
  when: string;
  date_class: "day" | "range" | "by" | "undated";
  /** ISO days on which it happened, and on which it was reported; null where none is known. */
  first: string | null;
  last: string | null;
  reported_first: string | null;
  reported_last: string | null;
  systems: string[];
  subject: string;
  state: string | null;
  count: string;
  conflict: boolean;
  /** Title of each rating to its short form, such as Rating: B2; missing where nothing is rated. */
  ratings?: Record<string, string>;
  /** "draft" or "in review"; absent where it is published. */
  review?: string;
  /** Of a claim that gives a distance and no spot: its words, and the line at that distance. */
  arc?: { label: string; words: string; line: import("geojson").LineString | import("geojson").MultiLineString };
}
type Claim = MapFeature<MapGeometry | null, ClaimProperties> & { id: string };

interface LegendEntry {
  group: string;
  key: string;
  label: string;
  count: number;
  colour?: string;
  noun?: string;
  scale?: Array<{ label: string; light: string; dark: string }>;
}

/** ISO day, reports shown, reports that only the date window leaves out. */
type DayCount = [day: string, shown: number, other: number];

/** ISO day, and reports dated "by" it, whatever days are chosen. */
type ByCount = [day: string, count: number];

/** The same of reports of several days, with their first and last day. */
type SpanCount = [first: string, last: string, shown: number, other: number];

interface CoverageRow {
  place: string;
  name: string;
  short_name?: string;
  /** A letter a day: s (seen), r (reported), - (no data). */
  days: string;
  kinds: string[];
}

interface ClaimsAnswer extends Collection<ClaimProperties, MapGeometry | null> {
  token: string;
  legend: LegendEntry[];
  days: DayCount[];
  spans: SpanCount[];
  byDays?: ByCount[];
  /** Undated reports: shown, and left out by the days. */
  undated?: [shown: number, other: number];
  /** The rule of days in words, with its counts. */
  heading: string;
  explained: string;
  coverage: CoverageRow[];
}

interface PlaceProperties {
  name: string;
  location_class: string;
  drawn_note: string | null;
  label_lon: number;
  label_lat: number;
  /** The name beside the symbol, and its side; an operator's layer of places may have none. */
  map_label?: string;
  label_side?: string;
  name_ar?: string | null;
}
type Place = MapFeature<MapGeometry, PlaceProperties> & { id: string };

interface RouteProperties {
  name: string;
  inference: string;
  length_km: number;
}

interface RingProperties {
  radius_km: number;
  label_lon: number;
  label_lat: number;
}

interface LayerProperties {
  label?: string;
  when?: string;
  /** ISO days, of a layer that has dates; null for an end that is open. */
  first?: string | null;
  last?: string | null;
}

interface LayerAnswer extends Collection<LayerProperties, MapGeometry | null> {
  density?: boolean;
  too_many?: number;
  within?: number;
  /** In a page without a server: one picture for each theme in place of tiles. */
  overlay?: { bounds: L.LatLngBoundsLiteral; light: string; dark: string };
}

/** What the counts and words of any days follow from; see geo/mapping/playback_data.py. */
interface PlaybackData {
  axis: "observed" | "reported";
  total: number;
  /** Forms of sentences, with names in braces. */
  forms: Record<string, string>;
  spans: Record<string, string>;
  months: string[];
  /** How many places and systems a subtitle names. */
  named: [places: number, systems: number];
  /** What the rule of days calls each count. */
  rule: Record<string, string>;
  noCoverage: string;
  places: Record<string, string>;
  systems: Record<string, string>;
  asOf: string;
  /** Entries of the legend; for each kind of claim the numbers of its entries with their counts; the kind of each claim. */
  entries: LegendEntry[];
  kinds: Array<Array<[entry: number, count: number]>>;
  kind: number[];
  ratings: PlaybackRating[];
  notRated: { key: string; label: string };
  /** Further layers; one whose features are not sent has a title alone. */
  layers: Record<string, { title: string; some?: LegendEntry; none?: LegendEntry }>;
}

interface PlaybackRating {
  key: string;
  title: string;
  terms: Array<[full: string, short: string]>;
  /** The term of each claim, -1 for none. */
  of: number[];
}

/** The claims of a view on all days. */
interface PlaybackAnswer extends ClaimsAnswer {
  playback: PlaybackData;
}

interface MapData {
  claims: ClaimsAnswer;
  places: Collection<PlaceProperties>;
  routes: Collection<RouteProperties>;
  rings: Collection<RingProperties>;
  layers: LayerAnswer[];
}

/* ---- the briefing on a stage ---- */

interface Slide {
  key: string;
  token: string;
  show: ViewMessage;
  link: string;
  alt: string;
  headline: string;
  window: string;
  counted: string;
  lines: string[];
  legend: LegendEntry[];
  questions: Array<{ id: string; question: string; answers: string }>;
  unseen: string;
  sources: string[];
  credit: string;
  notes: string;
  blocks?: SlideBlock[];
  image?: { src: string; alt: string; credit: string; ratio: number };
  playback?: StagePlayback;
  /** Its words are those of one window of its days. */
  part?: true;
}

/** The days that a scene plays, from geo/export/stage_playback.py. */
interface StagePlayback extends Playback {
  from: string;
  to: string;
  frames: StageFrame[];
}

/** A window: its words, the counts of the scene's legend, and the ids that are shown. */
interface StageFrame {
  days: [from: string, to: string];
  window: string;
  counted: string;
  counts: number[];
  questions: string[];
  ids: string[];
  layers: Record<string, string[]>;
}

type SlideBlock = Partial<Record<"kicker" | "title" | "text" | "note" | "stance", string>>;

interface Deck {
  mode?: string;
  title?: string;
  shape?: string;
  scenes: Slide[];
  plans?: CanvasPlan[];
}

/** How much of each scene fits on a canvas; lengths in units. See geo/export/stage.py. */
interface CanvasPlan {
  width: number;
  height: number;
  head: number;
  foot: number;
  scenes: ScenePlan[];
}

interface ScenePlan {
  headline: number;
  sources: number;
  questions: number;
  layers: number;
  tight: boolean;
  /** Groups of the legend that are left out. */
  without?: string[];
  /** Height of the image, in units. */
  image?: number;
  cut?: { headline?: string; lines?: string[] };
}

/* ---- what the modules share ---- */

/** Fetches a path, relative to the application's root; rejects with a StatusError for an answer that is not 200. */
type FetchJson = (path: string) => Promise<any>;

/** What is around the map: Streamlit's page with our server, or a file without either. */
interface Host {
  fetchJson: FetchJson;
  /** Where a picture is found: an address of the server, or the picture itself as data. */
  address(path: string): string;
  /** The application's root; null where there is no server. */
  root: URL | null;
  offline: boolean;
  send(value: object): void;
  followTheme(apply: (theme: "light" | "dark" | "print") => void): void;
}

interface MapState {
  map: L.Map;
  host: Host;
  options: MapOptions;
  /** The view that was asked for last, and the one that is painted. */
  requested: RequestedView | null;
  painted: RequestedView | null;
  data: MapData | null;
  /** The days of the frame of playback that is shown; none where it is the view's. */
  frame?: { from: string; to: string };
  /** What is fixed on the map, measured once for the frames of playback. */
  held?: import("./obstacles.js").HeldObstacles;
  labels: import("./labels.js").MapLabels | null;
  ground?: L.LayerGroup;
  /** What is in sight and whose name has no room: a note counts it. */
  noted?: import("./labels.js").Noted[];
  /** Places in sight that have no room. */
  unplaced?: string[];
  /** The small map of the country, on a page or stage that may have one. */
  locator?: import("./locator.js").Locator;
  /** The places that are drawn, in their order. */
  sites?: import("./place_symbols.js").SiteView[];
  largeLayers: Array<import("./large_layer.js").LargeLayer>;
  /** Groups on the map: symbols of claims and places, and further layers. */
  symbols: L.LayerGroup;
  layers: L.LayerGroup;
  /** The features of each further layer that is not drawn as density, by name. */
  layerGroups: Map<string, L.LayerGroup>;
  /** Whether somebody moved the map; it then keeps its camera. */
  moved: boolean;
  /** How much larger a stage shows the map than it is drawn. */
  scale: number;
  /** Pixels in the map; null while keys are used. */
  pointer: L.Point | null;
  measuring: boolean;
  /** Resolves when the base map is drawn. */
  ready: Promise<void>;
  /** Another locked map is moving this one. */
  following: boolean;
}

interface Window {
  /** Set when a view is painted: for tests and benchmarks. */
  paintedSelection?: { token: string; ids?: string[] };
  /** The frame of playback that is shown, or was last; ids only where they are few. */
  playedFrame?: { from: string; to: string; ids?: string[] };
  /** The bundle's namespace; see main.js. */
  briefingMap?: typeof import("./main.js");
  /** When somebody clicked or pressed a key on the page; set by page.js. */
  lastAct?: number;
  /** Of streamlit-folium's frame. */
  Streamlit: {
    setComponentValue(value: object): void;
    events: EventTarget;
  };
}
