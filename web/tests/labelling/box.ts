// A label to test with.
import type { BoxLabel } from "../../src/labelling/types";

export function box(id: string, x = 0, y = 0, size = 10): BoxLabel {
  return {
    id,
    kind: "box",
    class: "cell",
    attributes: {},
    source: "person",
    rect: [x, y, x + size, y + size],
    occluded: false,
    truncated: false,
    crowd: false,
  };
}
