// Groups of the map that would cover each other become one, and hours are summed to spans.

import { describe, expect, it } from "vitest";
import { stacked } from "../../static/js/lib/map/marks.js";
import { bySpans } from "../../static/js/lib/map/panels.js";

const pointOf = ([lon, lat]) => ({ x: lon, y: lat });
const group = (layer, count, lon, lat) => ({
  geometry: { coordinates: [lon, lat] },
  properties: { layer, count, bounds: [lon - 1, lat - 1, lon + 1, lat + 1] },
});
const single = (layer, lon, lat) => ({ geometry: { coordinates: [lon, lat] }, properties: { layer, count: 1, id: "x" } });

describe("stacked", () => {
  it("joins groups of several layers that would cover each other, and keeps their counts apart", () => {
    const { stacks, apart } = stacked([group("visits", 5, 0, 0), group("incidents", 8, 10, 0), group("visits", 3, 100, 0)], [], pointOf);
    expect(stacks.map(({ count, counts }) => [count, counts])).toEqual([
      [13, { incidents: 8, visits: 5 }],
      [3, { visits: 3 }],
    ]);
    expect(stacks[0].bounds).toEqual([-1, -1, 11, 1]);
    expect(apart).toEqual([]);
  });

  it("takes in a single thing that would lie below a group, and leaves the others", () => {
    const far = single("posts", 60, 0);
    const { stacks, apart } = stacked([group("visits", 5, 0, 0)], [single("posts", 4, 0), far], pointOf);
    expect(stacks[0].counts).toEqual({ visits: 5, posts: 1 });
    expect(apart).toEqual([far]);
  });
});

it("sums the hours of a day to spans", () => {
  const hours = Array(24).fill(0);
  hours[0] = 1;
  hours[2] = 2;
  hours[23] = 4;
  expect(bySpans(hours, 3)).toEqual([3, 0, 0, 0, 0, 0, 0, 4]);
  expect(bySpans(hours, 1)).toEqual(hours);
});
