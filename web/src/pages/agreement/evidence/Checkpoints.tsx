// Checkpoints: the size and root of the journal, signed. Either party keeps one in its drawer and
// can prove later that the other's copy is the same; a cosignature is made with a party's own key.
import { App, Button } from "antd";
import { useState } from "react";

import { type Paged, useRead, useWrite } from "../../../http/hooks";
import { address, at } from "../../../http/request";
import { Copy } from "../../../parts/Copy";
import { type Column, Rows } from "../../../parts/DataTable";
import { Hash, Instant } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { KeyChooser } from "../signing/KeyChooser";
import { useHere } from "../here";
import type { SigningKey } from "../model/keyfile";
import { noteLine } from "../model/note";

interface CheckpointRow {
  size: number;
  root: string;
  note: string;
  cosignatures: { key: string; line: string; at: string }[];
}

export default function Checkpoints() {
  const { t } = useWords();
  const { id, head, may } = useHere();
  const path = at`/agreements/${id}`;
  const read = useRead<Paged<CheckpointRow>>(`${path}/checkpoints`);
  const make = useWrite({ stale: [path] });
  const [chosen, setChosen] = useState<CheckpointRow | null>(null);
  const latest = read.data?.items.reduce((most, row) => Math.max(most, row.size), 0) ?? 0;
  const columns: Column<CheckpointRow>[] = [
    {
      key: "size",
      title: t("agreement.checkpoint.size"),
      align: "right",
      card: "lead",
      width: "7em",
      cell: (row) => row.size,
    },
    {
      key: "root",
      title: t("agreement.checkpoint.root"),
      cell: (row) => <Hash value={row.root} />,
    },
    {
      key: "by",
      title: t("agreement.cosignatures"),
      cell: (row) =>
        row.cosignatures.length === 0
          ? "–"
          : row.cosignatures.map((one) => (
              <div key={one.key}>
                {one.key.split("+")[0]} <Instant at={one.at} />
              </div>
            )),
    },
    {
      key: "actions",
      title: t("agreement.action"),
      cell: (row) => (
        <span className="actions tight">
          <Button
            size="small"
            href={address(`${path}/checkpoints/${row.size}`)}
            download={`${id}-${row.size}.checkpoint`}
          >
            {t("agreement.download")}
          </Button>
          <Button size="small" onClick={() => setChosen(row)}>
            {may("cosign") ? t("agreement.cosign") : t("agreement.show")}
          </Button>
        </span>
      ),
    },
  ];
  return (
    <>
      <Section
        title={t("agreement.evidence.checkpoints")}
        lead={t("agreement.checkpoints.lead")}
        flush
        actions={
          may("checkpoint") ? (
            <Button
              type="primary"
              loading={make.isPending}
              onClick={() => make.mutate({ path: `${path}/checkpoints` })}
            >
              {t("agreement.checkpoint.make")}
            </Button>
          ) : null
        }
      >
        {make.error ? <ProblemAlert problem={make.error} /> : null}
        <Loaded of={read}>
          {({ items }) => (
            <>
              <p className="inset small">
                {latest >= head.entries ? (
                  <StatusTag code="verified">{t("agreement.checkpoint.all")}</StatusTag>
                ) : (
                  <StatusTag code="pending">
                    {t("agreement.checkpoint.behind", { count: head.entries - latest })}
                  </StatusTag>
                )}
              </p>
              <Rows
                label={t("agreement.evidence.checkpoints")}
                columns={columns}
                rows={items}
                rowKey={(row) => row.size}
                empty={<EmptyState title={t("agreement.checkpoints.none")} />}
              />
            </>
          )}
        </Loaded>
      </Section>
      {chosen ? <Note of={chosen} close={() => setChosen(null)} /> : null}
    </>
  );
}

/** The signed note, and the party's own signature below it. */
function Note({ of, close }: { of: CheckpointRow; close: () => void }) {
  const { t } = useWords();
  const { id, may } = useHere();
  const { message } = App.useApp();
  const path = at`/agreements/${id}`;
  const [key, setKey] = useState<SigningKey | null>(null);
  const write = useWrite({
    stale: [path],
    done: () => {
      void message.success(t("agreement.done"));
      close();
    },
  });
  const cosign = async () => {
    if (key === null) return;
    const note_line = await noteLine(key, of.note);
    write.mutate({ path: `${path}/cosignatures`, body: { note_line, size: of.size } });
  };
  return (
    <Section
      title={t("agreement.checkpoint", { size: of.size })}
      actions={
        <>
          <Copy text={of.note} />
          <Button size="small" onClick={close}>
            {t("agreement.close")}
          </Button>
        </>
      }
    >
      <pre className="source">{of.note}</pre>
      {may("cosign") ? (
        <>
          <p>{t("agreement.cosign.lead")}</p>
          <KeyChooser chosen={key} choose={setKey} only="ed25519" />
          {write.error ? <ProblemAlert problem={write.error} /> : null}
          <div className="actions">
            <Button
              type="primary"
              disabled={key === null}
              loading={write.isPending}
              onClick={() => void cosign()}
            >
              {t("agreement.cosign")}
            </Button>
          </div>
        </>
      ) : null}
    </Section>
  );
}
