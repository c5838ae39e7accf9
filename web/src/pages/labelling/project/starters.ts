// What a new project's guideline begins with; it is changed before the work begins.
import type { ClassRule, Guideline } from "../../../labelling/types";
import type { Key } from "../../../words";
import type { Modality } from "../types";

type Names = (key: Key) => { zh: string; en: string };

export function starter(modality: Modality, names: Names): Guideline {
  return { title: names("labelling.starter.title"), classes: CLASSES[modality](names), pages: [] };
}

const CLASSES: Record<Modality, (names: Names) => ClassRule[]> = {
  image: (names) => [
    {
      id: "object",
      name: names("labelling.starter.object"),
      color: "#e4572e",
      kinds: ["box"],
      occlusion: "visible",
    },
  ],
  text: (names) => [
    {
      id: "positive",
      name: names("labelling.starter.positive"),
      color: "#1d6b3a",
      kinds: ["class"],
      shortcut: "1",
      value: 1,
    },
    {
      id: "neutral",
      name: names("labelling.starter.neutral"),
      color: "#5b625e",
      kinds: ["class"],
      shortcut: "2",
      value: 0,
    },
    {
      id: "negative",
      name: names("labelling.starter.negative"),
      color: "#ad2f1c",
      kinds: ["class"],
      shortcut: "3",
      value: -1,
    },
  ],
  video: (names) => [
    { id: "event", name: names("labelling.starter.event"), color: "#2b567e", kinds: ["event"] },
    {
      id: "keyframe",
      name: names("labelling.starter.keyframe"),
      color: "#8a5300",
      kinds: ["keyframe"],
    },
    {
      id: "object",
      name: names("labelling.starter.object"),
      color: "#e4572e",
      kinds: ["track"],
      occlusion: "visible",
    },
  ],
};
