// A list of what the organisation made for programs, and the making of one whose key is shown once.
import { Button } from "antd";
import { type ReactNode, useState } from "react";

import { type Column, DataTable } from "../../parts/DataTable";
import { EmptyState, Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { ShownOnce } from "../../parts/Shown";

/** The words of a list. */
export interface MakesWords {
  title: string;
  lead: string;
  make: string;
  none: string;
  made: string;
  once: string;
}

export function Makes<Row extends { id: string }>({
  path,
  columns,
  words,
  problem,
  form,
  children,
}: {
  path: string;
  columns: Column<Row>[];
  words: MakesWords;
  problem: unknown;
  /** The dialog that makes one; it hands over the key. */
  form: (close: () => void, done: (key: string) => void) => ReactNode;
  children?: ReactNode;
}) {
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const close = () => setMaking(false);
  const done = (key: string) => {
    close();
    setMade(key);
  };
  return (
    <Section
      title={words.title}
      lead={words.lead}
      flush
      actions={
        <Button type="primary" onClick={() => setMaking(true)}>
          {words.make}
        </Button>
      }
    >
      <ProblemAlert problem={problem} />
      <DataTable
        label={words.title}
        path={path}
        columns={columns}
        rowKey={(row: Row) => row.id}
        empty={<EmptyState title={words.none} />}
      />
      {making ? form(close, done) : null}
      {made ? (
        <ShownOnce title={words.made} lead={words.once} text={made} close={() => setMade(null)} />
      ) : null}
      {children}
    </Section>
  );
}
