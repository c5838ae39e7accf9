// A chart with its figures as a table for those who cannot see it. ECharts is loaded when the first
// chart is drawn.
import { lazy, type ReactNode, Suspense } from "react";

import { useWords } from "../words";
import type { ChartOption } from "./ChartCanvas";
import { Loading } from "./Page";

const Canvas = lazy(() => import("./ChartCanvas"));

export interface ChartProps {
  /** What the chart shows, as a sentence. */
  label: string;
  /** An ECharts option: line, bar, scatter with grid, tooltip, legend, marks. Colours are ours. */
  option: ChartOption;
  height?: number;
  /** The same figures as rows; the first row is the heading. */
  table: ReactNode[][];
}

export function Chart({ label, option, height = 240, table }: ChartProps) {
  const { t } = useWords();
  const [head = [], ...rows] = table;
  return (
    <figure className="chart">
      <div role="img" aria-label={label} style={{ height }}>
        <Suspense fallback={<Loading rows={5} />}>
          <Canvas option={option} />
        </Suspense>
      </div>
      <details>
        <summary>{t("chart.figures")}</summary>
        <div className="table-scroll" role="region" aria-label={label} tabIndex={0}>
          <table className="table plain">
            <caption className="unseen">{label}</caption>
            <thead>
              <tr>
                {head.map((cell, i) => (
                  <th key={i} scope="col">
                    {cell}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <tr key={i}>
                  {row.map((cell, j) => (
                    <td key={j}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
