// A text whose lines are numbered, for files that are checked and pointed into.
import { useEffect, useId, useRef } from "react";

export function SourceText({
  label,
  value,
  onChange,
  marked,
  focus,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** Lines with something wrong in them, from 1. */
  marked: Set<number>;
  /** A place to go to; a new object goes there again. */
  focus?: { line: number; column: number } | null;
}) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const count = value.split("\n").length;

  useEffect(() => {
    const text = area.current;
    if (!focus || !text) return;
    const lines = text.value.split("\n");
    const before = lines.slice(0, focus.line - 1).join("\n").length + (focus.line > 1 ? 1 : 0);
    const end = before + (lines[focus.line - 1] ?? "").length;
    text.focus();
    text.setSelectionRange(Math.min(before + Math.max(0, focus.column - 1), end), end);
    text.scrollTop = Math.max(0, (focus.line - 6) * 20);
  }, [focus]);

  return (
    <div className="source-text">
      <label className="unseen" htmlFor={id}>
        {label}
      </label>
      <div className="gutter" ref={gutter} aria-hidden="true">
        {Array.from({ length: count }, (_, i) => (
          <span key={i} className={marked.has(i + 1) ? "marked" : undefined}>
            {i + 1}
          </span>
        ))}
      </div>
      <textarea
        id={id}
        ref={area}
        spellCheck={false}
        wrap="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}
