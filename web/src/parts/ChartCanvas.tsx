// ECharts, only the parts that are used, in the colours of the theme.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import {
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

import { useLook } from "../app/look";
import { FONT, palettes } from "../app/theme";

use([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  MarkLineComponent,
  MarkAreaComponent,
  DataZoomComponent,
  SVGRenderer,
]);

export type ChartOption = EChartsCoreOption;

export default function ChartCanvas({ option }: { option: ChartOption }) {
  const { mode } = useLook();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init> | null>(null);

  useEffect(() => {
    if (!place.current) return undefined;
    const made = init(place.current, themeOf(mode));
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [mode]);

  useEffect(() => {
    chart.current?.setOption(
      { animation: false, backgroundColor: "transparent", ...option },
      { notMerge: true },
    );
  }, [option, mode]);

  return <div ref={place} className="chart-canvas" aria-hidden="true" />;
}

function themeOf(mode: "light" | "dark"): object {
  const p = palettes[mode];
  const axis = {
    axisLine: { lineStyle: { color: p.line } },
    axisTick: { lineStyle: { color: p.line } },
    axisLabel: { color: p.quiet },
    splitLine: { lineStyle: { color: p.soft } },
  };
  return {
    color: [p.accent, p.info, p.warn, p.bad, p.good, p.quiet],
    textStyle: { fontFamily: FONT, color: p.ink },
    categoryAxis: axis,
    valueAxis: axis,
    timeAxis: axis,
    legend: { top: 0, bottom: "auto", textStyle: { color: p.ink } },
    tooltip: {
      backgroundColor: p.raised,
      borderColor: p.line,
      textStyle: { color: p.ink, fontFamily: FONT },
    },
  };
}
