/* Types of what the server sends, and of what the modules share. */
import type { Feature, GeoJsonProperties, Geometry } from "geojson";
import type { LargeLayer } from "./large_layer.js";
import type { MapLabels } from "./labels.js";

/* ---- the configuration, written by the server after the bundle ---- */

export interface Config {
  stance: Record<string, { label: string; mark: string; light: string; dark: string }>;
  certainty: Record<string, { label: string; opacity: number }>;
  /** Evidence kind to the name of its icon. */
  sign: Record<string, string>;
  /** SVG paths of the icons, 16 x 16 units. */
  signs: { evidence: Record<string, string>; stance: Record<string, string> };
  /** As in assets/evidence/places.json: a name beside its row of coverage, another beside its symbol. */
  places: Record<string, { short_name: string; map_label: string; label_side: string } | undefined>;
  /** Groups of the legend with their titles, in order. */
  legendGroups: Record<string, string>;
  /** URL parameters that filter, in the order of a link. */
  filterParameters: string[];
  /** Values that a query leaves out. */
  filterDefaults: Record<string, string>;
  /** Layers shipped with the app; the first has the claims, the others depend on no filter. */
  builtinLayers: string[];
}

/* ---- messages of the page ---- */

export interface Scene {
  key: string;
  bounds: L.LatLngBoundsLiteral;
  scenery: string[];
  towns: string[];
  listed: boolean;
}

export interface TileSource {
  url: string;
  maxZoom: number;
  attribution: string;
}

/** A view to show: parts of addresses, never a feature. See geo/mapping/folium_map.py. */
export interface ViewMessage {
  token: string;
  /** Data version. */
  v: string;
  /** Query string of the filters. */
  q: string;
  layers?: string[];
  chosen?: string;
  at?: [lat: number, lon: number, zoom: number];
  tiles?: TileSource;
  scene?: Scene;
}

export interface RequestedView extends ViewMessage {
  layers: string[];
  from?: string;
  to?: string;
}

export interface MapOptions {
  page: string;
  bounds: L.LatLngBoundsLiteral;
  scenery: string[];
  towns: string[];
  places: string[];
  listed?: boolean;
  lock?: boolean;
  stage?: boolean;
}

/* ---- answers of the server ---- */

export interface Collection<P = GeoJsonProperties, G extends Geometry | null = Geometry> {
  type: "FeatureCollection";
  features: Array<Feature<G, P> & { id: string }>;
}

export interface ClaimProperties {
  place: string;
  location_class: string;
  certainty: string;
  stance: string;
  evidence: string;
  when: string;
  systems: string[];
  subject: string;
  state: string | null;
  count: string;
  conflict: boolean;
}
export type Claim = Feature<Geometry | null, ClaimProperties> & { id: string };

export interface LegendEntry {
  group: string;
  key: string;
  label: string;
  count: number;
  colour?: string;
  noun?: string;
  scale?: Array<{ label: string; light: string; dark: string }>;
}

/** ISO day, reports shown, reports that only the date window leaves out. */
export type DayCount = [day: string, shown: number, other: number];

export interface CoverageRow {
  place: string;
  name: string;
  /** A letter a day: s (seen), r (reported), - (no data). */
  days: string;
  kinds: string[];
}

export interface ClaimsAnswer extends Collection<ClaimProperties, Geometry | null> {
  token: string;
  legend: LegendEntry[];
  days: DayCount[];
  coverage: CoverageRow[];
}

export interface PlaceProperties {
  name: string;
  location_class: string;
  drawn_note: string | null;
  label_lon: number;
  label_lat: number;
}
export type Place = Feature<Geometry, PlaceProperties> & { id: string };

export interface RouteProperties {
  name: string;
  inference: string;
  length_km: number;
}

export interface RingProperties {
  radius_km: number;
  label_lon: number;
  label_lat: number;
}

export interface LayerProperties {
  label?: string;
  when?: string;
}

export interface LayerAnswer extends Collection<LayerProperties, Geometry | null> {
  density?: boolean;
  too_many?: number;
  within?: number;
  /** In a page without a server: one picture for each theme in place of tiles. */
  overlay?: { bounds: L.LatLngBoundsLiteral; light: string; dark: string };
}

export interface MapData {
  claims: ClaimsAnswer;
  places: Collection<PlaceProperties>;
  routes: Collection<RouteProperties>;
  rings: Collection<RingProperties>;
  layers: LayerAnswer[];
}

/* ---- the briefing on a stage ---- */

export interface Slide {
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
  questions: Array<{ question: string; answers: string }>;
  unseen: string;
  sources: string[];
  credit: string;
  notes: string;
  blocks?: SlideBlock[];
}

export type SlideBlock = Partial<Record<"kicker" | "title" | "text" | "note" | "stance", string>>;

export interface Deck {
  mode?: string;
  title?: string;
  shape?: string;
  scenes: Slide[];
  plans?: CanvasPlan[];
}

/** How much of each scene fits on a canvas; lengths in units. See geo/export/stage.py. */
export interface CanvasPlan {
  width: number;
  height: number;
  head: number;
  foot: number;
  scenes: ScenePlan[];
}

export interface ScenePlan {
  headline: number;
  sources: number;
  questions: number;
  layers: number;
  tight: boolean;
  cut?: { headline?: string; lines?: string[] };
}

/* ---- what the modules share ---- */

/** Where the map's data comes from; paths are relative to the application's root. */
export interface DataSource {
  /** Rejects with a StatusError for an answer that is not 200. */
  json(path: string): Promise<any>;
}

/** What is around the map: Streamlit's page with our server, or a file without either. */
export interface Host {
  source: DataSource;
  /** The application's root; null where there is no server. */
  root: URL | null;
  offline: boolean;
  send(value: object): void;
  followTheme(apply: (dark: boolean) => void): void;
}

export interface MapState {
  map: L.Map;
  host: Host;
  options: MapOptions;
  /** The view that was asked for last, and the one that is painted. */
  requested: RequestedView | null;
  painted: RequestedView | null;
  data: MapData | null;
  labels: MapLabels | null;
  largeLayers: LargeLayer[];
  /** Groups on the map: symbols of claims and places, and further layers. */
  symbols: L.LayerGroup;
  layers: L.LayerGroup;
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

declare global {
  interface Window {
    /** Set when a view is painted: for tests and benchmarks. */
    paintedSelection?: { token: string; ids?: string[] };
    /** The bundle's namespace; see main.js. */
    briefingMap?: typeof import("./main.js");
    /** Of streamlit-folium's frame. */
    Streamlit: {
      setComponentValue(value: object): void;
      events: EventTarget;
    };
  }
}
