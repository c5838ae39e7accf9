// Labels as the server sends them, with what it leaves out because it is false or empty.
import type { LabelView } from "../api/types.gen";
import type { KeyBox, Label, Rect } from "./types";

export function readLabel(sent: LabelView): Label {
  const { attributes = {}, rect, boxes, ...rest } = sent;
  const common = { ...rest, attributes };
  switch (sent.kind) {
    case "box":
      return {
        ...common,
        rect: rect as Rect,
        occluded: sent.occluded === true,
        truncated: sent.truncated === true,
        crowd: sent.crowd === true,
      } as Label;
    case "track":
      return {
        ...common,
        boxes: (boxes ?? []).map((box): KeyBox => ({ ...box, rect: box.rect as Rect })),
      } as Label;
    default:
      return common as Label;
  }
}
