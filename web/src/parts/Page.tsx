// The frame of a page: its title, what can be done on it, its parts.
import { Skeleton } from "antd";
import { type ReactNode, useEffect, useId } from "react";

import { useWords } from "../words";
import { ProblemAlert } from "./ProblemAlert";

/** One `h1`, the document's title, and the actions at its right. */
export function Page({
  title,
  lead,
  actions,
  narrow,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className={narrow ? "page narrow" : "page"}>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {lead ? <p className="lead">{lead}</p> : null}
        </div>
        {actions ? <div className="actions">{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Tallystick 符契`;
  }, [title]);
}

/** A part of a page on a surface of its own. `flush`: a table that reaches the edges. */
export function Section({
  title,
  actions,
  lead,
  flush,
  children,
}: {
  title?: ReactNode;
  actions?: ReactNode;
  lead?: ReactNode;
  flush?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      className={flush ? "section flush" : "section"}
      aria-labelledby={title ? id : undefined}
    >
      {title || actions ? (
        <header className="section-head">
          {title ? <h2 id={id}>{title}</h2> : <span />}
          {actions ? <div className="actions">{actions}</div> : null}
        </header>
      ) : null}
      {lead ? <p className="lead">{lead}</p> : null}
      {children}
    </section>
  );
}

/** Nothing is here yet, and what to do about it. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <svg viewBox="0 0 48 30" width="48" height="30" aria-hidden="true">
        <path className="upper" d="M2 2h44v11l-8 -4 -7 8 -8 -7 -8 7 -7 -8 -6 4z" />
        <path className="lower" d="M2 28h44v-9l-8 -4 -7 8 -8 -7 -8 7 -7 -8 -6 4z" />
      </svg>
      <p className="empty-title">{title}</p>
      {children ? <div className="quiet">{children}</div> : null}
    </div>
  );
}

export function Loading({ rows = 4 }: { rows?: number }) {
  const { t } = useWords();
  return (
    <div role="status" aria-label={t("loading")} className="loading">
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

/** The three states of a read: waiting, refused, there. */
export function Loaded<T>({
  of,
  rows,
  children,
}: {
  of: { data: T | undefined; error: unknown };
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <ProblemAlert problem={of.error} />;
  return <Loading {...(rows === undefined ? {} : { rows })} />;
}

/** Names and values in two columns; one below the other on a phone. */
export function Facts({ items }: { items: [label: ReactNode, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {items.map(([label, value], i) => (
        <div key={i}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
