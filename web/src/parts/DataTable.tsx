// A dense table that becomes a list of cards on a phone. Rows come page by page by cursor.
import { Button } from "antd";
import type { ReactNode } from "react";

import type { Query } from "../http/request";
import { usePages } from "../http/hooks";
import { useWords } from "../words";
import { EmptyState, Loading } from "./Page";
import { ProblemAlert } from "./ProblemAlert";

export interface Column<T> {
  key: string;
  title: string;
  cell: (row: T) => ReactNode;
  /** Figures stand right. */
  align?: "right";
  /** Any CSS width. */
  width?: string;
  /** `lead`: the heading of the card on a phone; `hide`: not on the card. */
  card?: "lead" | "hide";
}

export interface RowsProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string | number;
  tone?: (row: T) => "bad" | "warn" | "quiet" | undefined;
  empty?: ReactNode;
}

/** Rows that are there. */
export function Rows<T>({ label, columns, rows, rowKey, tone, empty }: RowsProps<T>) {
  const { t } = useWords();
  if (rows.length === 0) return <>{empty ?? <EmptyState title={t("empty")} />}</>;
  return (
    <div className="table-scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="table">
        <caption className="unseen">{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.align}
                style={column.width ? { width: column.width } : undefined}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={tone?.(row)}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={[column.align, column.card ? `card-${column.card}` : ""]
                    .join(" ")
                    .trim()}
                  data-label={column.title}
                >
                  <div className="cell">{column.cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Rows read from `path`; more on demand. `keep` leaves some out once they are here. */
export function DataTable<T>({
  path,
  query,
  limit,
  keep,
  ...table
}: Omit<RowsProps<T>, "rows"> & {
  path: string | null;
  query?: Query;
  limit?: number;
  keep?: (row: T) => boolean;
}) {
  const { t } = useWords();
  const pages = usePages<T>(path, query, limit);
  if (pages.isPending) return <Loading rows={6} />;
  if (pages.error && pages.rows.length === 0) return <ProblemAlert problem={pages.error} />;
  return (
    <>
      <Rows {...table} rows={keep ? pages.rows.filter(keep) : pages.rows} />
      {pages.error ? <ProblemAlert problem={pages.error} /> : null}
      {pages.hasNextPage ? (
        <div className="more">
          <Button onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
            {t("more")}
          </Button>
        </div>
      ) : null}
    </>
  );
}
