// The tools beside the canvas: pen and hand, zoom, light.
import { Slider } from "antd";
import { memo, type ReactNode, type RefObject } from "react";

import type { Mode } from "../../../labelling/modes";
import type { BoxStage } from "../../../labelling/stage/BoxStage";
import { useWords } from "../../../words";

export interface Light {
  brightness: number;
  contrast: number;
}

interface ViewProps {
  stage: RefObject<BoxStage | null>;
  mode: Mode;
  mayLabel: boolean;
  pen: () => void;
  hand: () => void;
  light: Light;
  setLight: (light: Light) => void;
}

/** Drawn anew when its looks change; what the buttons do is asked for when they are pressed. */
export const ViewTools = memo(
  Tools,
  (was, now) => was.mode === now.mode && was.light === now.light && was.mayLabel === now.mayLabel,
);

function Tools({ stage, mode, mayLabel, pen, hand, light, setLight }: ViewProps) {
  const { t } = useWords();
  const drawing = mode === "draw" || mode === "drawing";
  return (
    <div className="view-tools">
      {mayLabel ? (
        <div className="tool-row">
          <Tool name={t("labelling.tool.select")} hint="Esc" pressed={!drawing} act={hand}>
            <path d="M5 3l14 8-6 1.5L10 19z" />
          </Tool>
          <Tool name={t("labelling.tool.draw")} hint="B" pressed={drawing} act={pen}>
            <path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4" />
          </Tool>
        </div>
      ) : null}
      <div className="tool-row">
        <Tool name={t("labelling.tool.zoomOut")} hint="-" act={() => stage.current?.zoom(0.8)}>
          <path d="M5 12h14" />
        </Tool>
        <Tool name={t("labelling.tool.zoomIn")} hint="+" act={() => stage.current?.zoom(1.25)}>
          <path d="M5 12h14M12 5v14" />
        </Tool>
        <Tool name={t("labelling.tool.fit")} hint="Z" act={() => stage.current?.fit()}>
          <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M9 12h6" />
        </Tool>
        <Tool name={t("labelling.tool.whole")} hint="X" act={() => stage.current?.whole()}>
          <path d="M7 7v10M17 7v10M12 10v.1M12 14v.1" />
        </Tool>
      </div>
      <Level
        label={t("labelling.brightness")}
        value={light.brightness}
        set={(brightness) => setLight({ ...light, brightness })}
      />
      <Level
        label={t("labelling.contrast")}
        value={light.contrast}
        set={(contrast) => setLight({ ...light, contrast })}
      />
    </div>
  );
}

function Level({
  label,
  value,
  set,
}: {
  label: string;
  value: number;
  set: (value: number) => void;
}) {
  return (
    <div className="level">
      <span className="small quiet">{label}</span>
      <Slider
        min={0.25}
        max={3}
        step={0.05}
        value={value}
        onChange={set}
        ariaLabelForHandle={label}
        tooltip={{ formatter: (at) => `${Math.round((at ?? 1) * 100)} %` }}
      />
    </div>
  );
}

export function Tool({
  name,
  hint,
  pressed,
  disabled,
  act,
  children,
}: {
  name: string;
  hint?: string;
  pressed?: boolean;
  disabled?: boolean;
  act: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className="tool"
      aria-label={name}
      title={hint ? `${name} (${hint})` : name}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={act}
    >
      <svg
        viewBox="0 0 24 24"
        width="18"
        height="18"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {children}
      </svg>
    </button>
  );
}
