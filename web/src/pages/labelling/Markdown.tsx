// The few signs of Markdown that a guideline needs: headings, lists, paragraphs, bold, slanted, code.
// Everything becomes text of the page; no part of it can be markup of its own.
import type { ReactNode } from "react";

export function Markdown({ text }: { text: string }) {
  return <div className="markdown">{blocks(text).map(drawn)}</div>;
}

export type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "list"; ordered: boolean; items: string[] }
  | { kind: "paragraph"; text: string };

export function blocks(text: string): Block[] {
  const found: Block[] = [];
  for (const line of text.split(/\r?\n/)) {
    const heading = /^(#{1,4})\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*]|(\d+)[.)])\s+(.*)$/.exec(line);
    const last = found.at(-1);
    if (heading) {
      found.push({ kind: "heading", level: heading[1]?.length ?? 1, text: heading[2] ?? "" });
    } else if (item) {
      const ordered = item[1] !== undefined;
      if (last?.kind === "list" && last.ordered === ordered) last.items.push(item[2] ?? "");
      else found.push({ kind: "list", ordered, items: [item[2] ?? ""] });
    } else if (line.trim() === "") {
      found.push({ kind: "paragraph", text: "" });
    } else if (last?.kind === "paragraph" && last.text !== "") {
      last.text += `\n${line}`;
    } else {
      found.push({ kind: "paragraph", text: line });
    }
  }
  return found.filter((block) => block.kind !== "paragraph" || block.text !== "");
}

function drawn(block: Block, at: number): ReactNode {
  if (block.kind === "heading") {
    // The page has its own headings above.
    return block.level <= 2 ? (
      <h3 key={at}>{inline(block.text)}</h3>
    ) : (
      <h4 key={at}>{inline(block.text)}</h4>
    );
  }
  if (block.kind === "list") {
    const items = block.items.map((item, i) => <li key={i}>{inline(item)}</li>);
    return block.ordered ? <ol key={at}>{items}</ol> : <ul key={at}>{items}</ul>;
  }
  return <p key={at}>{inline(block.text)}</p>;
}

function inline(text: string): ReactNode[] {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`|\*[^*]+\*)/).map((part, at) => {
    if (/^\*\*.+\*\*$/s.test(part)) return <strong key={at}>{part.slice(2, -2)}</strong>;
    if (/^`.+`$/s.test(part)) return <code key={at}>{part.slice(1, -1)}</code>;
    if (/^\*.+\*$/s.test(part)) return <em key={at}>{part.slice(1, -1)}</em>;
    return part;
  });
}
