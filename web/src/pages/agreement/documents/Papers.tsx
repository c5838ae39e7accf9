// Supplements, quotations and annexes: what they replace, who has signed them, and a proposal of a
// new one.
import { App, Button, Form, Input, Select } from "antd";
import { useState } from "react";

import { useWrite } from "../../../http/hooks";
import { address, at } from "../../../http/request";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { Day, Hash } from "../../../parts/figures";
import { EmptyState, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import type { Paper, Proposal, Side } from "../types";
import { SignPanel } from "../signing/SignPanel";
import type { Manifest } from "../versions/api";
import { Meaning } from "../versions/Parts";

export function Papers() {
  const { t } = useWords();
  const { head, terms, may, side } = useHere();
  const [writing, setWriting] = useState(false);
  const [signing, setSigning] = useState<string | null>(null);
  const names = new Set(head.documents.map((one) => one.document.id));
  const joined = (terms?.documents ?? []).filter((paper) => !names.has(paper.id));
  const toSign = (one: Proposal) =>
    may("signDocument") && side !== null && !one.signed.includes(side);
  return (
    <>
      <Section
        title={t("agreement.documents.papers")}
        actions={
          may("propose") && !writing ? (
            <Button onClick={() => setWriting(true)}>{t("agreement.paper.propose")}</Button>
          ) : null
        }
      >
        {writing ? <Propose close={() => setWriting(false)} /> : null}
        {head.documents.length + joined.length === 0 ? (
          <EmptyState title={t("agreement.papers.none")} />
        ) : null}
        {head.documents.map((one) => (
          <PaperView
            key={one.document.id}
            of={one.document}
            manifest={one.manifest ?? null}
            hash={one.terms_sha256}
            by={one.signed}
            evidence={one.evidence}
            sign={toSign(one) ? () => setSigning(one.document.id) : null}
          />
        ))}
        {joined.map((paper) => (
          <PaperView
            key={paper.id}
            of={paper}
            manifest={null}
            hash={paper.sha256}
            by={null}
            evidence={null}
            sign={null}
          />
        ))}
      </Section>
      {signing ? (
        <SignPanel
          key={signing}
          document={signing}
          manifest={
            head.documents.find(({ document }) => document.id === signing)?.manifest ?? undefined
          }
          done={() => setSigning(null)}
        />
      ) : null}
    </>
  );
}

function PaperView({
  of,
  manifest,
  hash,
  by,
  evidence,
  sign,
}: {
  of: Paper;
  /** What is signed, file by file; `null` where the document alone is. */
  manifest: Manifest | null;
  hash: string | null;
  /** Who has signed; `null` where it was signed with the agreement. */
  by: Side[] | null;
  evidence: string | null;
  sign: (() => void) | null;
}) {
  const { t, code, pick } = useWords();
  const { id } = useHere();
  const files = [
    ...(manifest?.parts.map(({ name }) => name) ?? []),
    "manifest.json",
    ...(by?.length === 2 ? ["sealed.pdf"] : []),
  ];
  return (
    <article className="paper">
      <header>
        <h3>{pick(of.title)}</h3>
        <span>{code("document_rank", of.rank)}</span>
        <code>{of.id}</code>
        {by === null ? (
          <StatusTag code="accepted">{t("agreement.paper.joined")}</StatusTag>
        ) : by.length === 2 ? (
          <StatusTag code="in_force">{t("agreement.paper.in_force")}</StatusTag>
        ) : (
          <StatusTag code="pending">
            {by.length === 0
              ? t("agreement.paper.unsigned")
              : t("agreement.paper.signed_by", {
                  party: by.map((side) => code("side", side)).join(" · "),
                })}
          </StatusTag>
        )}
        {sign ? (
          <Button size="small" type="primary" onClick={sign}>
            {t("agreement.sign")}
          </Button>
        ) : null}
      </header>
      <p className="small quiet">
        {of.effective ? (
          <>
            {t("agreement.effective")} <Day on={of.effective} />{" "}
          </>
        ) : null}
        {hash ? <Hash value={hash} /> : null} {evidence ? <EvidenceLink id={evidence} /> : null}
      </p>
      {of.replaces.length > 0 ? (
        <ul className="plain-list">
          {of.replaces.map((one) => (
            <li key={one.path}>
              <code>{one.path}</code> → <code>{one.value}</code>
            </li>
          ))}
        </ul>
      ) : null}
      {manifest ? (
        <details>
          <summary>{t("version.meaning")}</summary>
          <Meaning of={manifest} />
          <ul className="plain-list tight">
            {files.map((name) => (
              <li key={name}>
                <a href={address(at`/agreements/${id}/documents/${of.id}/files/${name}`)} download>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </article>
  );
}

interface ProposeForm {
  id: string;
  rank: string;
  zh: string;
  en: string;
  effective?: string;
  replaces?: { path: string; value: string }[];
}

function Propose({ close }: { close: () => void }) {
  const { t, code } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const path = at`/agreements/${id}`;
  const write = useWrite({
    stale: [path],
    done: () => {
      void message.success(t("agreement.done"));
      close();
    },
  });
  const send = (values: ProposeForm) => {
    const document = {
      id: values.id.trim(),
      rank: values.rank,
      title: { zh: values.zh.trim(), en: values.en.trim() },
      effective: values.effective ? values.effective : null,
      sha256: null,
      replaces: values.replaces ?? [],
    };
    write.mutate({ path: `${path}/documents`, body: { document } });
  };
  const needed = [{ required: true, message: t("agreement.needed") }];
  return (
    <Form<ProposeForm>
      name="paper-form"
      layout="vertical"
      className="propose"
      requiredMark={false}
      initialValues={{ rank: "supplement" }}
      onFinish={send}
    >
      <div className="fields">
        <Form.Item
          name="id"
          label={t("agreement.paper.id")}
          rules={[
            { required: true, pattern: /^[\w.:/-]{1,128}$/, message: t("agreement.id.wrong") },
          ]}
        >
          <Input autoComplete="off" autoFocus />
        </Form.Item>
        <Form.Item name="rank" label={t("agreement.paper.rank")}>
          <Select
            options={["supplement", "quotation", "annex"].map((value) => ({
              value,
              label: code("document_rank", value),
            }))}
          />
        </Form.Item>
        <Form.Item name="effective" label={t("agreement.effective")}>
          <Input type="date" />
        </Form.Item>
      </div>
      <div className="fields">
        <Form.Item name="zh" label={t("agreement.paper.zh")} rules={needed}>
          <Input lang="zh" />
        </Form.Item>
        <Form.Item name="en" label={t("agreement.paper.en")} rules={needed}>
          <Input lang="en" />
        </Form.Item>
      </div>
      <Form.List name="replaces">
        {(fields, { add, remove }) => (
          <fieldset className="replaces">
            <legend>{t("agreement.paper.replaces")}</legend>
            {fields.map(({ key, name }) => (
              <div key={key} className="fields">
                <Form.Item name={[name, "path"]} label={t("agreement.paper.path")} rules={needed}>
                  <Input placeholder="service.gpu_price.price" spellCheck={false} />
                </Form.Item>
                <Form.Item name={[name, "value"]} label={t("agreement.paper.value")} rules={needed}>
                  <Input placeholder="12.00" spellCheck={false} />
                </Form.Item>
                <Button onClick={() => remove(name)}>{t("agreement.remove")}</Button>
              </div>
            ))}
            <Button size="small" onClick={() => add({})}>
              {t("agreement.add")}
            </Button>
          </fieldset>
        )}
      </Form.List>
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <div className="actions">
        <Button type="primary" htmlType="submit" loading={write.isPending}>
          {t("agreement.paper.propose")}
        </Button>
        <Button onClick={close}>{t("agreement.cancel")}</Button>
      </div>
    </Form>
  );
}
