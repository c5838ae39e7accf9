// A list of any length, of which only the rows in sight are drawn. Every row has the same height.
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";

/** So many rows above and below are drawn as well. */
const SPARE = 6;

export function VirtualRows({
  label,
  count,
  height,
  row,
  seen,
  reveal,
  className,
  fits,
}: {
  label: string;
  count: number;
  /** Of a row, in pixels. */
  height: number;
  row: (index: number) => ReactNode;
  /** Which rows are in sight, for a list that is read as it is scrolled. */
  seen?: (first: number, last: number) => void;
  /** A row that is brought into sight when this changes. */
  reveal?: number;
  className?: string;
  /** No higher than its rows. */
  fits?: boolean;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [room, setRoom] = useState(400);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setRoom(element.clientHeight));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    const element = place.current;
    if (!element || reveal === undefined || reveal < 0) return;
    const from = reveal * height;
    if (from < element.scrollTop) element.scrollTop = from;
    const below = from + height - element.clientHeight;
    if (below > element.scrollTop) element.scrollTop = below;
  }, [reveal, height]);

  const first = Math.max(0, Math.floor(top / height) - SPARE);
  const last = Math.min(count - 1, Math.ceil((top + room) / height) + SPARE);
  useEffect(() => {
    if (last >= first) seen?.(first, last);
  }, [first, last, seen]);

  const rows = [];
  for (let index = first; index <= last; index += 1) {
    rows.push(
      <div
        key={index}
        role="listitem"
        aria-setsize={count}
        aria-posinset={index + 1}
        className="virtual-row"
        style={{ top: index * height, height }}
      >
        {row(index)}
      </div>,
    );
  }
  return (
    <div
      className={className ? `virtual ${className}` : "virtual"}
      ref={place}
      role="region"
      style={fits ? { maxHeight: count * height + 1 } : undefined}
      aria-label={label}
      tabIndex={0}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div role="list" aria-label={label} style={{ height: count * height, position: "relative" }}>
        {rows}
      </div>
    </div>
  );
}
