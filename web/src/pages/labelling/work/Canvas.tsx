// The canvas in a page: gives it what it shows and takes what the pointer meant.
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";

import { BoxStage, type Pin, type Told } from "../../../labelling/stage/BoxStage";
import type { Shown } from "../../../labelling/stage/paint";
import type { Pyramid } from "../../../labelling/stage/pyramid";
import type { Mode } from "../../../labelling/modes";

export interface CanvasProps {
  label: string;
  image: Pyramid | null;
  boxes: ReadonlyMap<string, Shown>;
  selected: string | null;
  mode: Mode;
  mayLabel: boolean;
  color: string;
  pins: readonly Pin[];
  brightness: number;
  contrast: number;
  told: Told;
  stage: Ref<BoxStage | null>;
  /** Held, the space bar moves the picture; a video has another use for it. */
  spacePans?: boolean;
}

export function Canvas({ stage: given, told, spacePans = true, ...shown }: CanvasProps) {
  const place = useRef<HTMLDivElement>(null);
  const stage = useRef<BoxStage | null>(null);
  const listener = useRef(told);
  listener.current = told;

  useEffect(() => {
    if (!place.current) return;
    const made = new BoxStage(place.current, {
      select: (id) => listener.current.select(id),
      create: (rect) => listener.current.create(rect),
      edit: (id, rect) => listener.current.edit(id, rect),
      pin: (at) => listener.current.pin(at),
      mode: (mode) => listener.current.mode(mode),
      view: (view) => listener.current.view(view),
    });
    stage.current = made;
    const space = (event: KeyboardEvent) => {
      if (!spacePans || event.key !== " " || !(event.target instanceof Element)) return;
      if (event.target !== document.body && event.target !== place.current) return;
      if (event.type === "keydown") event.preventDefault();
      made.setSpace(event.type === "keydown");
    };
    window.addEventListener("keydown", space);
    window.addEventListener("keyup", space);
    return () => {
      window.removeEventListener("keydown", space);
      window.removeEventListener("keyup", space);
      stage.current = null;
      made.destroy();
    };
  }, []);
  useImperativeHandle(given, () => stage.current as BoxStage, []);

  const { image, boxes, selected, mode, mayLabel, color, pins, brightness, contrast } = shown;
  useEffect(() => stage.current?.show(image), [image]);
  useEffect(() => stage.current?.setBoxes(boxes), [boxes]);
  useEffect(() => stage.current?.setSelected(selected), [selected]);
  useEffect(() => stage.current?.setMode(mode, mayLabel), [mode, mayLabel]);
  useEffect(() => stage.current?.setColor(color), [color]);
  useEffect(() => stage.current?.setPins(pins), [pins]);
  useEffect(() => stage.current?.setFilter(brightness, contrast), [brightness, contrast]);

  return (
    <div className="canvas" ref={place} tabIndex={0} role="application" aria-label={shown.label} />
  );
}
