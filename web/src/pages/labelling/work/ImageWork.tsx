// Boxes on one image, keyboard first.
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";

import { moved, type Point } from "../../../labelling/geometry";
import { classKeys, type KeyMap, type Scope } from "../../../labelling/keys";
import { after } from "../../../labelling/modes";
import type { BoxStage } from "../../../labelling/stage/BoxStage";
import { Pyramid } from "../../../labelling/stage/pyramid";
import type { BoxLabel, Label } from "../../../labelling/types";
import { ulid } from "../../../labelling/ulid";
import type { Work } from "../../../labelling/work";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import type { ItemHere, Place } from "../types";
import type { Asked } from "../asked";
import { boxShower, colorOf, newBox, soughtBox } from "./boxes";
import { Canvas } from "./Canvas";
import { LabelList } from "./LabelList";
import { Palette } from "./Palette";
import { Selected } from "./Selected";
import { type Handlers, useKeys } from "./useKeys";
import { useMode } from "./useMode";
import { useShown } from "./useWork";
import { ViewTools } from "./ViewTools";

export interface SurfaceProps {
  work: Work;
  item: ItemHere;
  map: KeyMap;
  /** Of the frame about the surface: submit, help, review. */
  handlers: Handlers;
  scopes: readonly Scope[];
  /** Set while the next press says where an issue is. */
  pinning: boolean;
  pin: (place: Place) => void;
  /** The place of an issue that is to be brought into sight; a new one each time. */
  looked: Place | null;
  /** What the address asks for and no label is: it is marked by its place. */
  sought: Asked | null;
  nameOf: (author: string) => string | null;
  /** Beside the labels: the guideline, the issues. */
  aside: React.ReactNode;
}

/** Loads a picture for the canvas. */
export function usePicture(
  load: () => Promise<Blob>,
  key: string,
  stage: RefObject<BoxStage | null>,
): { image: Pyramid | null; error: unknown } {
  const [shown, setShown] = useState<{ image: Pyramid | null; error: unknown }>({
    image: null,
    error: null,
  });
  const loader = useRef(load);
  loader.current = load;
  useEffect(() => {
    let gone = false;
    loader
      .current()
      .then((blob) => Pyramid.load(blob, () => stage.current?.refresh()))
      .then((image) => {
        if (gone) return image.close();
        setShown({ image, error: null });
      })
      .catch((error: unknown) => {
        if (!gone) setShown((was) => ({ ...was, error }));
      });
    return () => {
      gone = true;
    };
  }, [key, stage]);
  // A picture stays until the next one is drawn in its stead, however long that takes.
  const { image } = shown;
  useEffect(() => () => void setTimeout(() => image?.close()), [image]);
  return shown;
}

const NUDGES = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
} as const;

export default function ImageWork({
  load,
  ...props
}: SurfaceProps & { load: () => Promise<Blob> }) {
  const { work, item } = props;
  const words = useWords();
  const { t } = words;
  useShown(work);
  const stage = useRef<BoxStage>(null);
  const { image, error } = usePicture(load, `${item.seq}`, stage);
  const [mode, setMode] = useMode(props.pinning, work.mayLabel);
  const [light, setLight] = useState({ brightness: 1, contrast: 1 });
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const clipboard = useRef<BoxLabel | null>(null);
  const classes = useMemo(
    () => item.classes.filter(({ kinds }) => kinds.includes("box")),
    [item.classes],
  );
  const show = useMemo(() => boxShower(item.classes, words), [item.classes, words]);
  const sought = props.sought?.rect ?? null;
  const boxes = useMemo(() => {
    const shown = show(work.labels, hidden);
    return sought ? new Map([...shown, soughtBox(sought, t("labelling.asked.place"))]) : shown;
  }, [show, work.labels, hidden, sought, t]);
  const keys = useMemo(() => classKeys(classes), [classes]);
  const counts = useMemo(() => countsOf(work.labels.values()), [work.labels]);
  const pins = useMemo(
    () =>
      item.issues.flatMap(({ number, place, open }) =>
        place && typeof place.x === "number" && typeof place.y === "number"
          ? [{ number, open, at: { x: place.x, y: place.y } }]
          : [],
      ),
    [item.issues],
  );

  useEffect(() => {
    const { x, y } = props.looked ?? {};
    if (typeof x === "number" && typeof y === "number") stage.current?.lookAt({ x, y });
  }, [props.looked, image === null]);

  const selected = (): BoxLabel | null => {
    const label = work.selected === null ? undefined : work.labels.get(work.selected);
    return label?.kind === "box" ? label : null;
  };
  const edit = (change: Partial<BoxLabel>) => {
    const box = selected();
    if (box) work.put({ ...box, source: "person", ...change });
  };
  const size = image?.size ?? { width: item.width, height: item.height };
  const nudge = (direction: keyof typeof NUDGES, by: number) => {
    const box = selected();
    const [dx, dy] = NUDGES[direction];
    if (box) edit({ rect: moved(box.rect, dx * by, dy * by, size) });
  };
  const pen = () => setMode((now) => after(now, "draw", work.mayLabel));
  const choose = (id: string) => {
    work.choose(id);
    const box = selected();
    // With a box in the hand its class changes; else the next boxes get it.
    if (box && mode === "select") {
      if (box.class !== id) edit({ class: id });
    } else pen();
  };
  const hide = (id: string) =>
    setHidden((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const paste = () => {
    const copied = clipboard.current;
    if (!copied) return;
    const at = stage.current?.pointed();
    const [x, y] = at ? centreTo(copied, at) : [8, 8];
    const made = { ...copied, id: ulid(), rect: moved(copied.rect, x, y, size), source: "person" };
    work.put(made as BoxLabel);
    work.select(made.id);
  };
  const leave = () => {
    stage.current?.cancel();
    props.handlers["work.leave"]?.();
    if (mode === "select" || mode === "look") work.select(null);
    setMode((now) => after(now, "cancel", work.mayLabel));
  };

  useKeys(
    props.map,
    [...props.scopes.filter((scope) => scope === "review"), "image", "work"],
    {
      ...props.handlers,
      "work.delete": () => work.delete(),
      "work.undo": () => work.undo(),
      "work.redo": () => work.redo(),
      "work.leave": leave,
      "image.draw": () => (work.selected !== null && work.select(null), pen()),
      "image.again": pen,
      "image.cycle": () => work.cycle(1, ({ id }) => boxes.has(id)),
      "image.cycleBack": () => work.cycle(-1, ({ id }) => boxes.has(id)),
      "image.copy": () => void (clipboard.current = selected()),
      "image.paste": paste,
      "image.left": () => nudge("left", 1),
      "image.right": () => nudge("right", 1),
      "image.up": () => nudge("up", 1),
      "image.down": () => nudge("down", 1),
      "image.leftFar": () => nudge("left", 10),
      "image.rightFar": () => nudge("right", 10),
      "image.upFar": () => nudge("up", 10),
      "image.downFar": () => nudge("down", 10),
      "image.zoomIn": () => stage.current?.zoom(1.25),
      "image.zoomOut": () => stage.current?.zoom(0.8),
      "image.fit": () => stage.current?.fit(),
      "image.whole": () => stage.current?.whole(),
      "image.focus": () => stage.current?.focus(),
      "image.occluded": () => edit({ occluded: !selected()?.occluded }),
      "image.truncated": () => edit({ truncated: !selected()?.truncated }),
      "image.crowd": () => edit({ crowd: !selected()?.crowd }),
      "image.confirm": () => edit({}),
      "image.hide": () => {
        const box = selected();
        if (box) hide(box.class);
        else setHidden(new Set());
      },
      "image.brighter": () => setLight((now) => lit(now, 0.15)),
      "image.darker": () => setLight((now) => lit(now, -0.15)),
      "image.flat": () => setLight({ brightness: 1, contrast: 1 }),
    },
    work.mayLabel ? keys : NONE,
    choose,
  );

  return (
    <div className="surface image-work">
      <aside className="surface-left" aria-label={t("labelling.classes")}>
        <Palette
          classes={classes}
          keys={work.mayLabel ? keys : NONE}
          chosen={work.class}
          counts={counts}
          hidden={hidden}
          choose={choose}
          hide={hide}
        />
        <ViewTools
          stage={stage}
          mode={mode}
          mayLabel={work.mayLabel}
          pen={() => (work.select(null), pen())}
          hand={leave}
          light={light}
          setLight={setLight}
        />
      </aside>
      <div className="surface-middle">
        {error ? <ProblemAlert problem={error} /> : null}
        <Canvas
          stage={stage}
          label={t("labelling.canvas", { name: item.name })}
          image={image}
          boxes={boxes}
          selected={work.selected}
          mode={mode}
          mayLabel={work.mayLabel}
          color={work.class === null ? "#ffffff" : colorOf(item.classes, work.class)}
          pins={pins}
          {...light}
          told={{
            select: (id) => work.select(id),
            create: (rect) => {
              if (work.class === null) return;
              const box = newBox(work.class, rect);
              work.put(box);
              work.select(box.id);
            },
            edit: (id, rect) => {
              const box = work.labels.get(id);
              if (box?.kind === "box") work.put({ ...box, rect, source: "person" });
            },
            pin: ({ x, y }) => props.pin({ x: Math.round(x), y: Math.round(y) }),
            mode: setMode,
            view: () => undefined,
          }}
        />
        <p className="unseen" role="status">
          {t(`labelling.mode.${mode}`)}
        </p>
      </div>
      <aside className="surface-right" aria-label={t("labelling.side")}>
        <LabelList work={work} classes={item.classes} />
        <Selected work={work} classes={item.classes} nameOf={props.nameOf} />
        {props.aside}
      </aside>
    </div>
  );
}

const NONE: ReadonlyMap<string, string> = new Map();

function lit(now: { brightness: number; contrast: number }, by: number) {
  const brightness = Math.min(3, Math.max(0.25, Math.round((now.brightness + by) * 100) / 100));
  return { ...now, brightness };
}

function centreTo({ rect: [x0, y0, x1, y1] }: BoxLabel, { x, y }: Point): [number, number] {
  return [Math.round(x - (x0 + x1) / 2), Math.round(y - (y0 + y1) / 2)];
}

export function countsOf(labels: Iterable<Label>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label.class, (counts.get(label.class) ?? 0) + 1);
  return counts;
}
