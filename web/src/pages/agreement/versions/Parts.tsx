// The documents of a version, who signs them, and the files to take away.
import { Button } from "antd";

import { bytes } from "../../../format/number";
import { address, at } from "../../../http/request";
import { type Column, Rows } from "../../../parts/DataTable";
import { Hash } from "../../../parts/figures";
import { Facts } from "../../../parts/Page";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { ownName } from "../own";
import { type Manifest, type Part, type Version, WORD_FILE } from "./api";

export function FileLink({
  version,
  name,
  label,
}: {
  version: number;
  name: string;
  label: string;
}) {
  const { id } = useHere();
  return (
    <Button
      size="small"
      href={address(at`/agreements/${id}/versions/${version}/files/${name}`)}
      download
    >
      {label}
    </Button>
  );
}

/** `recorded`: whether the files are there to be taken away. */
export function Parts({ of, recorded = true }: { of: Version; recorded?: boolean }) {
  const words = useWords();
  const { t, code } = words;
  if (!of.manifest) {
    if (!recorded) return null;
    return (
      <ul className="plain-list tight">
        {[of.word, ...of.annexes, ...of.seals].map((file) => (
          <li key={file.name}>
            <FileLink
              version={of.number}
              name={file === of.word ? WORD_FILE : file.name}
              label={t("agreement.download")}
            />{" "}
            {file.name} <span className="figure quiet">{bytes(file.size)}</span>{" "}
            <Hash value={file.sha256} />
          </li>
        ))}
      </ul>
    );
  }
  const columns: Column<Part>[] = [
    { key: "name", title: t("agreement.file"), card: "lead", cell: (row) => row.name },
    {
      key: "kind",
      title: t("agreement.kind"),
      cell: (row) => (
        <>
          {ownName("part", row.kind, words)}
          {row.language ? ` · ${code("lang", row.language)}` : ""}
        </>
      ),
    },
    {
      key: "size",
      title: t("agreement.size"),
      align: "right",
      cell: (row) => <span className="figure">{bytes(row.size)}</span>,
    },
    { key: "hash", title: "SHA-256", cell: (row) => <Hash value={row.sha256} /> },
  ];
  if (recorded) {
    columns.push({
      key: "get",
      title: t("agreement.download"),
      cell: (row) => (
        <FileLink version={of.number} name={row.name} label={t("agreement.download")} />
      ),
    });
  }
  return (
    <Rows
      label={t("version.parts")}
      columns={columns}
      rows={of.manifest.parts}
      rowKey={(row) => row.name}
    />
  );
}

/** What signing it means, for whom, by whom and how. */
export function Meaning({ of }: { of: Manifest }) {
  const words = useWords();
  const { t, code, lang } = words;
  const comma = lang === "zh" ? "，" : ", ";
  return (
    <>
      <blockquote className="intent" lang={of.language === "zh" ? "zh-CN" : "en"}>
        {of.intent}
      </blockquote>
      <Facts
        items={[
          [
            t("version.parties"),
            <ul key="p" className="plain-list tight">
              {of.parties.map((party) => (
                <li key={party.side}>
                  {code("side", party.side)}: <strong>{party.name}</strong>
                  {party.registration_number ? (
                    <span className="quiet"> {party.registration_number}</span>
                  ) : null}
                </li>
              ))}
            </ul>,
          ],
          [
            t("version.signatories"),
            <ul key="s" className="plain-list tight">
              {of.signatories.map((one, i) => (
                <li key={i}>
                  {code("side", one.side)}: <strong>{one.name}</strong>
                  {[one.role, one.authority].filter(Boolean).map((text) => comma + text)}
                </li>
              ))}
            </ul>,
          ],
          [t("version.language"), code("lang", of.language)],
          [t("version.method"), ownName("method", of.method, words)],
          [
            t("version.manifest"),
            <span key="m" className="whole-hash">
              <code>{of.sha256}</code>
            </span>,
          ],
        ]}
      />
    </>
  );
}
