// The column of a table that leads to the item of each row, at the label that the row is about.
import { Link } from "react-router";

import type { Column } from "../../../parts/DataTable";
import { itemPage } from "../api";

export function itemColumn<T extends { seq: number; name: string; open?: string }>(
  title: string,
  agreement: string,
  project: string,
): Column<T> {
  return {
    key: "item",
    title,
    card: "lead",
    cell: ({ seq, name, open }) => (
      <Link to={open ?? itemPage(agreement, project, seq)}>
        {seq} · {name}
      </Link>
    ),
  };
}
