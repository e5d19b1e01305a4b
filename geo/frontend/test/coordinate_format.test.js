import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bearingText, decimalDegrees, degreesMinutesSeconds, metres, mgrsParts, rounded, sphericalBearing,
} from "../src/coordinate_format.js";

test("decimal degrees have five digits and a letter in place of the sign, latitude first", () => {
  assert.equal(decimalDegrees({ lat: 35.4011, lng: 35.9487 }), "35.40110° N, 35.94870° E");
  assert.equal(decimalDegrees({ lat: -0.5, lng: -179.99999 }), "0.50000° S, 179.99999° W");
});

test("seconds have two digits before the point and two after it", () => {
  assert.equal(degreesMinutesSeconds({ lat: 35.4011, lng: 35.9487 }), "35° 24' 03.96\" N, 35° 56' 55.32\" E");
  assert.equal(degreesMinutesSeconds({ lat: -90, lng: -180 }), "90° 00' 00.00\" S, 180° 00' 00.00\" W");
});

test("seconds that round to 60 carry over into minutes, and minutes into degrees", () => {
  assert.equal(degreesMinutesSeconds({ lat: 34.999999, lng: 36.016666 }), "35° 00' 00.00\" N, 36° 01' 00.00\" E");
});

test("positions are rounded, and a longitude of a second world comes back to the first", () => {
  assert.deepEqual(rounded({ lat: 35.123456789, lng: 395.123456789 }), { lat: 35.12346, lng: 35.12346 });
  assert.deepEqual(rounded({ lat: 1.23456789, lng: -200 }, 3), { lat: 1.235, lng: 160 });
});

test("a grid reference is cut into zone, square, easting and northing", () => {
  assert.deepEqual(mgrsParts("36SYE6783021438"), ["36S", "YE", "67830", "21438"]);
  assert.deepEqual(mgrsParts("04QFJ0123498765"), ["04Q", "FJ", "01234", "98765"]);
  assert.equal(mgrsParts("36SYE6783021438").join(""), "36SYE6783021438");
});

test("distances are in metres below a kilometre, and never 1000 m", () => {
  assert.deepEqual([0, 12.4, 999.4, 999.6, 1049, 1234567].map(metres), ["0 m", "12 m", "999 m", "1.0 km", "1.0 km", "1,234.6 km"]);
});

test("bearings have three digits, 360 is 000, and a point onto itself has none", () => {
  assert.deepEqual([0, 7.4, 89.6, 359.6, null].map(bearingText), ["000°", "007°", "090°", "000°", "–"]);
});

test("bearings on a sphere run from north over east", () => {
  const at = { lat: 0, lng: 36 };
  const bearings = [[1, 36], [0, 37], [-1, 36], [0, 35]].map(([lat, lng]) => Math.round(sphericalBearing(at, { lat, lng })));
  assert.deepEqual(bearings, [0, 90, 180, 270]);
  const homs = sphericalBearing({ lat: 33.5102, lng: 36.29128 }, { lat: 34.72405, lng: 36.72559 });
  assert.ok(Math.abs(homs - 16.3) < 0.5, String(homs));
});
