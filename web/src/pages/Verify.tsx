// Anyone may hold a bundle, a checkpoint or a proof against the mathematics: no account is needed.
import { useState } from "react";

import { group } from "../format/number";
import { request } from "../http/request";
import type { VerifiedPapers, VerifyAnswer } from "../http/types";
import { FileDrop } from "../parts/FileDrop";
import { Hash, Instant } from "../parts/figures";
import { Rows } from "../parts/DataTable";
import { Facts, Loading, Page, Section } from "../parts/Page";
import { ProblemAlert } from "../parts/ProblemAlert";
import { StatusTag } from "../parts/StatusTag";
import { type Key, useWords, type Words } from "../words";

const KIND: Record<string, Key> = {
  bundle: "verify.bundle",
  signed_file: "verify.signed_file",
  sealed_page: "verify.sealed_page",
  envelope: "verify.envelope",
  checkpoint: "verify.checkpoint",
  proof: "verify.proof",
  journal: "verify.journal",
  unknown: "verify.unknown",
};

export default function Verify() {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [found, setFound] = useState<{ name: string; answer: VerifyAnswer } | null>(null);

  const verify = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    setProblem(null);
    setFound(null);
    try {
      const answer = await request<VerifyAnswer>("POST", "/verify", {
        body: file,
        contentType: "application/octet-stream",
      });
      setFound({ name: file.name, answer });
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Page title={t("verify.title")} lead={t("verify.lead")} narrow>
      <FileDrop
        label={t("verify.drop")}
        hint={t("verify.hint")}
        busy={busy}
        onFiles={([file]) => void verify(file)}
      />
      <div aria-live="polite" className="after">
        {busy ? <Loading /> : null}
        <ProblemAlert problem={problem} />
        {found ? <Report name={found.name} answer={found.answer} /> : null}
      </div>
    </Page>
  );
}

function Report({ name, answer }: { name: string; answer: VerifyAnswer }) {
  const { t } = useWords();
  const { sound, report, findings } = answer;
  const errors = findings.filter((finding) => finding.severity === "error").length;
  return (
    <>
      <Section
        title={name}
        actions={
          <StatusTag code={sound ? "verified" : "error"}>
            {sound ? t("verify.sound") : t("verify.unsound", { count: errors })}
          </StatusTag>
        }
      >
        <Facts
          items={[
            [t("verify.kind"), t(KIND[report.kind] ?? "verify.unknown")],
            [t("agreements.agreement"), report.agreement ?? "–"],
            ...(report.log
              ? ([
                  [t("verify.entries"), group(report.log.entries ?? 0)],
                  [t("verify.root"), <Hash key="r" value={report.log.root} />],
                ] as [string, React.ReactNode][])
              : []),
            ...(report.kind === "bundle"
              ? ([
                  [t("verify.folded"), report.folded ? t("yes") : t("no")],
                  [t("verify.statements"), group(report.statements.length)],
                ] as [string, React.ReactNode][])
              : []),
            ...(report.sealed
              ? ([
                  [t("verify.sealedBy"), report.sealed.signer],
                  [t("verify.sealedAt"), <Instant key="s" at={report.sealed.at} />],
                  [t("verify.certificate"), <Hash key="c" value={report.sealed.certificate} />],
                ] as [string, React.ReactNode][])
              : []),
            ...(report.entry
              ? ([
                  [t("verify.entry"), `e${report.entry.seq}`],
                  [t("evidence.at"), <Instant key="a" at={report.entry.at} />],
                ] as [string, React.ReactNode][])
              : []),
          ]}
        />
        {report.sealed?.trusted === false ? (
          <p className="quiet after">{t("verify.sealUnknown")}</p>
        ) : null}
      </Section>
      <Section title={t("verify.findings")} flush={findings.length > 0}>
        {findings.length === 0 ? (
          <p className="quiet">{t("verify.none")}</p>
        ) : (
          <ul className="findings">
            {findings.map((finding, i) => (
              <li key={i}>
                <StatusTag
                  code={finding.severity}
                  tone={finding.severity === "error" ? "bad" : "info"}
                >
                  {finding.severity === "error" ? t("verify.error") : t("verify.notice")}
                </StatusTag>
                <p>{finding.detail}</p>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {report.papers ? <Papers of={report.papers} /> : null}
      {Object.entries(report.documents ?? {}).map(([id, papers]) => (
        <Papers key={id} of={papers} document={id} />
      ))}
      {report.keys.length > 0 ? (
        <Section title={t("verify.keys")} flush lead={t("verify.keysLead")}>
          <Rows
            label={t("verify.keys")}
            rows={report.keys}
            rowKey={(row) => row.key}
            columns={[
              {
                key: "key",
                title: t("verify.key"),
                card: "lead",
                cell: (row) => <code className="wrap-anywhere">{row.key}</code>,
              },
              { key: "holder", title: t("verify.holder"), cell: (row) => row.holder ?? "–" },
              {
                key: "given",
                title: t("verify.given"),
                cell: (row) => (row.given ? t("yes") : t("verify.inside")),
              },
              {
                key: "signed",
                title: t("verify.signed"),
                align: "right",
                cell: (row) => row.signed.length,
              },
            ]}
          />
        </Section>
      ) : null}
    </>
  );
}

/** The state of a part or of a signature in words; one that is not known is shown as its code. */
function stateOf(code: string, { t }: Words): string {
  const text = t(`verify.state.${code}` as Key);
  return text.startsWith("‹") ? code : text;
}

/** What was signed, file by file, and by whom. */
function Papers({
  of,
  document,
}: {
  of: VerifiedPapers;
  /** A document that joined later; the agreement itself where absent. */
  document?: string;
}) {
  const words = useWords();
  const { t, code } = words;
  const tag = (state: string, good: string) => (
    <StatusTag code={state} tone={state === good ? "good" : "bad"}>
      {stateOf(state, words)}
    </StatusTag>
  );
  const missing = of.unsigned.map(({ side, signatory }) => ({
    name: `${side}-${signatory}`,
    side,
    signatory,
    state: "missing",
  }));
  const titled = (title: string) => (document === undefined ? title : `${title} · ${document}`);
  return (
    <>
      <Section title={titled(t("verify.parts"))} flush>
        <Rows
          label={titled(t("verify.parts"))}
          rows={of.parts}
          rowKey={(row) => row.name}
          tone={(row) => (row.state === "intact" ? undefined : "bad")}
          columns={[
            { key: "name", title: t("verify.part"), card: "lead", cell: (row) => row.name },
            { key: "state", title: t("verify.state"), cell: (row) => tag(row.state, "intact") },
          ]}
        />
      </Section>
      <Section title={titled(t("verify.signatures"))} flush>
        <Rows
          label={titled(t("verify.signatures"))}
          rows={[...of.signatures, ...missing]}
          rowKey={(row) => row.name}
          tone={(row) => (row.state === "valid" ? undefined : "bad")}
          columns={[
            {
              key: "who",
              title: t("verify.signatory"),
              card: "lead",
              cell: (row) => row.signatory ?? row.name,
            },
            {
              key: "side",
              title: t("verify.side"),
              cell: (row) => (row.side ? code("side", row.side) : "–"),
            },
            { key: "state", title: t("verify.state"), cell: (row) => tag(row.state, "valid") },
          ]}
        />
      </Section>
    </>
  );
}
