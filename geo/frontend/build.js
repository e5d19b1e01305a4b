/* Bundles for the browser: node build.js [FOLDER]; dist beside this file by default. The same sources give the same bytes. */
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

/** @param {string} path beside this file */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [folder = here("dist")] = process.argv.slice(2);

/** @type {import("esbuild").BuildOptions} */
const shared = { bundle: true, minify: true, target: "es2022", charset: "utf8", legalComments: "none", logLevel: "warning" };
await build({ ...shared, entryPoints: [here("src/main.js")], outfile: `${folder}/map.js`, format: "iife", globalName: "briefingMap" });
await build({ ...shared, entryPoints: [here("src/page.js")], outfile: `${folder}/page.js`, format: "iife" });
await build({ ...shared, entryPoints: [here("src/notes.js")], outfile: `${folder}/notes.js`, format: "iife" });
