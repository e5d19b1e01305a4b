/* Bundles for the browser: node build.js FOLDER. The same sources give the same bytes. */
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const [folder = "dist"] = process.argv.slice(2);
const source = (/** @type {string} */ name) => fileURLToPath(new URL(`src/${name}`, import.meta.url));

/** @type {import("esbuild").BuildOptions} */
const shared = { bundle: true, minify: true, target: "es2022", charset: "utf8", legalComments: "none", logLevel: "warning" };
await build({ ...shared, entryPoints: [source("main.js")], outfile: `${folder}/map.js`, format: "iife", globalName: "briefingMap" });
await build({ ...shared, entryPoints: [source("notes.js")], outfile: `${folder}/notes.js`, format: "iife" });
