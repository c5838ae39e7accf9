// The documents of the agreement: terms in force by section, papers that joined it later, the
// signatures, and the files with what they hash to.
import { Button, Segmented } from "antd";
import { useState } from "react";

import { bytes } from "../../../format/number";
import { type Paged, useRead } from "../../../http/hooks";
import { address, at } from "../../../http/request";
import { type Column, Rows } from "../../../parts/DataTable";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { Hash, Instant } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { ownName } from "../own";
import { Signatures } from "../signing/Signatures";
import { Papers } from "./Papers";
import { TermsView } from "./TermsView";

const PARTS = ["terms", "papers", "files"] as const;
type Part = (typeof PARTS)[number];

export default function Documents() {
  const { t } = useWords();
  const [part, setPart] = useState<Part>("terms");
  return (
    <>
      <Signatures />
      <div className="tools">
        <Segmented<Part>
          value={part}
          onChange={setPart}
          aria-label={t("agreement.tab.documents")}
          options={PARTS.map((value) => ({ value, label: t(`agreement.documents.${value}`) }))}
        />
      </div>
      {part === "terms" ? <TermsView /> : part === "papers" ? <Papers /> : <Files />}
    </>
  );
}

interface FileRow {
  sha256: string;
  size: number | null;
  kind: string;
  name: string;
  at: string;
  evidence: string;
}

function Files() {
  const words = useWords();
  const { t } = words;
  const { id } = useHere();
  const path = at`/agreements/${id}/files`;
  const read = useRead<Paged<FileRow>>(path);
  const columns: Column<FileRow>[] = [
    { key: "name", title: t("agreement.file"), card: "lead", cell: (row) => row.name },
    { key: "kind", title: t("agreement.kind"), cell: (row) => ownName("stored", row.kind, words) },
    {
      key: "size",
      title: t("agreement.size"),
      align: "right",
      cell: (row) => (row.size === null ? "–" : <span className="figure">{bytes(row.size)}</span>),
    },
    { key: "at", title: t("agreement.at"), cell: (row) => <Instant at={row.at} /> },
    {
      key: "evidence",
      title: t("agreement.evidence"),
      cell: (row) => <EvidenceLink id={row.evidence} />,
    },
    { key: "hash", title: "SHA-256", card: "hide", cell: (row) => <Hash value={row.sha256} /> },
    {
      key: "get",
      title: t("agreement.download"),
      cell: (row) =>
        row.size === null ? (
          "–"
        ) : (
          <Button
            size="small"
            href={address(at`/agreements/${id}/files/${row.sha256}`, { name: row.name })}
            download
          >
            {t("agreement.download")}
          </Button>
        ),
    },
  ];
  return (
    <Section title={t("agreement.documents.files")} flush>
      <Loaded of={read}>
        {({ items }) => (
          <Rows
            label={t("agreement.documents.files")}
            columns={columns}
            rows={items}
            rowKey={(row) => `${row.sha256}${row.name}`}
            empty={<EmptyState title={t("agreement.files.none")} />}
          />
        )}
      </Loaded>
    </Section>
  );
}
