import { describe, expect, it } from "vitest";
import { byDistance, inWords } from "../../static/js/lib/next_visits.js";

const HERE = { lat: -7.063, lon: 110.428 };

describe("the visits that are due", () => {
  it("stand by distance, and those without a position behind them in their turn", () => {
    const rows = [
      { name: "unknown first" },
      { name: "far", lat: -7.08, lon: 110.43 },
      { name: "near", lat: -7.0631, lon: 110.4281 },
      { name: "unknown last" },
    ];
    expect(byDistance(rows, HERE).map(({ name }) => name)).toEqual(["near", "far", "unknown first", "unknown last"]);
  });

  it("keep the server's turn where they are equally far", () => {
    const rows = [1, 2, 3].map((name) => ({ name, ...HERE }));
    expect(byDistance(rows, HERE).map(({ name }) => name)).toEqual([1, 2, 3]);
  });

  it("say how far in words", () => {
    expect([3, 347, 999, 1234].map((metres) => inWords(metres, "id"))).toEqual(["10 m", "350 m", "1000 m", "1,2 km"]);
  });
});
