/* The bundle's one namespace, window.briefingMap:

   configure(config)         once, by the server, after the bundle
   mount(id, options)        by the script that folium writes; show(message) for each view
   openOffline()             by the page to hand over, in place of both
   state, coordinatesButton  for the other maps of a page, and for tests */
export { configure } from "./config.js";
export { coordinatesButton } from "./coordinates.js";
export { mount, show, state } from "./map_controller.js";
export { openOffline } from "./offline.js";
