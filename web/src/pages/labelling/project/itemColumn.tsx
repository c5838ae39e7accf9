// The column of a table that leads to the item of each row.
import { Link } from "react-router";

import type { Column } from "../../../parts/DataTable";
import { itemPage } from "../api";

export function itemColumn<T extends { seq: number; name: string }>(
  title: string,
  agreement: string,
  project: string,
): Column<T> {
  return {
    key: "item",
    title,
    card: "lead",
    cell: ({ seq, name }) => (
      <Link to={itemPage(agreement, project, seq)}>
        {seq} · {name}
      </Link>
    ),
  };
}
