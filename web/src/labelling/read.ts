// Labels as the server sends them, with what it leaves out because it is false or empty.
import type { KeyBox, Label, Rect } from "./types";

type Sent = { id: string; kind: Label["kind"]; class: string } & Record<string, unknown>;

export function readLabel(sent: Sent): Label {
  const common = {
    ...sent,
    attributes: sent["attributes"] ?? {},
    source: sent["source"] ?? "person",
  };
  const flag = (name: string) => sent[name] === true;
  switch (sent.kind) {
    case "box":
      return {
        ...common,
        rect: sent["rect"] as Rect,
        occluded: flag("occluded"),
        truncated: flag("truncated"),
        crowd: flag("crowd"),
      } as Label;
    case "track": {
      const boxes = (sent["boxes"] ?? []) as Partial<KeyBox>[];
      return {
        ...common,
        boxes: boxes.map((box) => ({
          ...box,
          outside: box.outside === true,
          occluded: box.occluded === true,
        })),
      } as unknown as Label;
    }
    default:
      return common as unknown as Label;
  }
}
