import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["geo/frontend/dist/"] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-shadow": "error",
      "no-implicit-globals": "error",
      "no-restricted-properties": ["error", ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => (
        { property, message: "Text is set with textContent: nothing is parsed as HTML." }))],
      "no-restricted-syntax": ["error", {
        selector: "MemberExpression[property.name=/^_/]:not([object.type='ThisExpression'])",
        message: "Names that begin with _ are private to Leaflet and may change.",
      }],
      "no-unused-vars": ["error", { caughtErrors: "none" }],
      "object-shorthand": "error",
      "max-len": ["error", { code: 130, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true }],
    },
  },
  { files: ["geo/frontend/src/**"], languageOptions: { globals: { ...globals.browser, L: "readonly" } } },
  { files: ["geo/frontend/test/**", "**/build.js"], languageOptions: { globals: globals.nodeBuiltin } },
];
