// A version is offered: drafted from the terms, or a Word file that came back. It is looked at first:
// what would be recorded, and what is wrong in it.
import { App, Button, Input, Segmented } from "antd";
import { useId, useState } from "react";
import { Link, useNavigate } from "react-router";

import { base64Of } from "../../../format/bytes";
import { bytes } from "../../../format/number";
import { useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { FileDrop } from "../../../parts/FileDrop";
import { Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../here";
import type { Side } from "../types";
import type { Version, Versions } from "./api";
import { Changes } from "./Changes";
import { Meaning, Parts } from "./Parts";
import { useVersionPath } from "./Versions";

const SOURCES = ["terms", "word"] as const;
type Source = (typeof SOURCES)[number];
const EDITIONS = ["both", "zh", "en"] as const;
type Edition = (typeof EDITIONS)[number];
const SIDES = ["customer", "vendor"] as const;

interface Signer {
  name: string;
  role: string;
  authority: string;
}
type Signers = Record<Side, Signer>;

/** A person is named with position and authority, or not at all. */
function isHalf({ name, role, authority }: Signer): boolean {
  const given = [name, role, authority].filter((text) => text.trim() !== "");
  return given.length > 0 && given.length < 3;
}

/** Who signed up for the version before signs this one too, until somebody says otherwise. */
function signersOf(all: Versions): Signers {
  const manifests = all.versions.flatMap(({ manifest }) => (manifest ? [manifest] : []));
  const known = manifests.at(-1)?.signatories ?? [];
  const of = (side: Side): Signer => {
    const found = known.find((one) => one.side === side);
    return {
      name: found?.name ?? "",
      role: found?.role ?? "",
      authority: found?.authority ?? "",
    };
  };
  return { customer: of("customer"), vendor: of("vendor") };
}

async function bodyOf(
  source: Source,
  word: File | null,
  edition: Edition,
  annexes: File[],
  seal: File | null,
  signers: Signers,
) {
  const signatories = Object.fromEntries(
    SIDES.filter((side) => signers[side].name.trim() !== "").map((side) => [side, signers[side]]),
  );
  const attached = await Promise.all(
    annexes.map(async (file) => ({ name: file.name, content: await base64Of(file) })),
  );
  return {
    ...(source === "word" && word ? { word: await base64Of(word) } : { edition }),
    ...(attached.length > 0 ? { annexes: attached } : {}),
    ...(seal ? { seal_picture: await base64Of(seal) } : {}),
    ...(Object.keys(signatories).length > 0 ? { signatories } : {}),
  };
}

export function Offer({ all }: { all: Versions }) {
  const { t, code } = useWords();
  const { id, may } = useHere();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const path = useVersionPath();
  const [source, setSource] = useState<Source>(all.versions.length === 0 ? "terms" : "word");
  const [word, setWord] = useState<File | null>(null);
  const [edition, setEdition] = useState<Edition>("both");
  const [annexes, setAnnexes] = useState<File[]>([]);
  const [seal, setSeal] = useState<File | null>(null);
  const [signers, setSigners] = useState(() => signersOf(all));
  const look = useWrite<Version>({});
  const offer = useWrite<Version>({
    stale: [at`/agreements/${id}`],
    done: (made) => {
      void message.success(t("version.offered", { number: made.number }));
      void navigate(path(made.number));
    },
  });
  const target = at`/agreements/${id}/versions`;

  /** What was looked at is another version than what stands here now. */
  const change = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      set(value);
      look.reset();
      offer.reset();
    };
  };
  const preview = async (from: Source, file: File | null) => {
    const body = await bodyOf(from, file, edition, annexes, seal, signers);
    look.mutate({ path: target, body: { ...body, preview: true } });
  };
  const send = async () => {
    const body = await bodyOf(source, word, edition, annexes, seal, signers);
    offer.mutate({ path: target, body });
  };
  const halfNamed = SIDES.some((side) => isHalf(signers[side]));
  const ready = (source === "terms" || word !== null) && !halfNamed;

  if (!may("offer")) return <p className="quiet">{t("version.mayNot")}</p>;
  return (
    <>
      <p className="crumb">
        <Link to={path()}>{t("agreement.tab.versions")}</Link>
      </p>
      <div className="columns even">
        <div>
          <Section title={t("version.offerTitle", { number: all.versions.length + 1 })}>
            <Segmented<Source>
              aria-label={t("version.source")}
              value={source}
              onChange={change(setSource)}
              options={SOURCES.map((value) => ({ value, label: t(`version.source.${value}`) }))}
            />
            <div className="after">
              {source === "terms" ? (
                <>
                  <p className="quiet">{t("version.fromTerms")}</p>
                  <Segmented<Edition>
                    aria-label={t("version.edition")}
                    value={edition}
                    onChange={change(setEdition)}
                    options={EDITIONS.map((value) => ({
                      value,
                      label: t(`version.edition.${value}`),
                    }))}
                  />
                </>
              ) : (
                <>
                  <FileDrop
                    label={t("version.drop")}
                    hint={t("version.dropHint")}
                    accept=".docx"
                    busy={look.isPending}
                    onFiles={([file]) => {
                      if (!file) return;
                      change(setWord)(file);
                      if (!halfNamed) void preview("word", file);
                    }}
                  />
                  {word ? <p className="chosen-file wrap-anywhere">{word.name}</p> : null}
                </>
              )}
            </div>
          </Section>
          <Section title={t("version.signatories")} lead={t("version.signatoriesLead")}>
            {SIDES.map((side) => (
              <SignerFields
                key={side}
                title={code("side", side)}
                value={signers[side]}
                onChange={(next) => change(setSigners)({ ...signers, [side]: next })}
              />
            ))}
            {halfNamed ? (
              <p className="field-wrong" role="alert">
                {t("version.signer.half")}
              </p>
            ) : null}
          </Section>
          <Section title={t("version.annexes")} lead={t("version.annexesLead")}>
            <Files
              files={annexes}
              label={t("version.annexDrop")}
              multiple
              onChange={change(setAnnexes)}
            />
          </Section>
          <Section title={t("version.seal")} lead={t("version.sealLead")}>
            <Files
              files={seal ? [seal] : []}
              label={t("version.sealDrop")}
              hint={t("version.sealHint")}
              accept="image/png,image/jpeg"
              onChange={(files) => change(setSeal)(files.at(-1) ?? null)}
            />
          </Section>
        </div>
        <div className="sticky">
          <Section
            title={look.data ? t("version.would") : t("version.preview")}
            actions={
              <Button
                type={look.data ? "default" : "primary"}
                disabled={!ready}
                loading={look.isPending}
                onClick={() => void preview(source, word)}
              >
                {t("version.look")}
              </Button>
            }
          >
            <div aria-live="polite">
              <ProblemAlert problem={look.error ?? offer.error} />
              {look.data ? (
                <>
                  <Changes of={look.data} first={all.versions.length === 0} />
                  {look.data.manifest ? (
                    <details className="after">
                      <summary>{t("version.meaning")}</summary>
                      <Meaning of={look.data.manifest} />
                      <Parts of={look.data} recorded={false} />
                    </details>
                  ) : null}
                  <div className="actions after">
                    <Button type="primary" loading={offer.isPending} onClick={() => void send()}>
                      {look.data.manifest ? t("version.go") : t("version.goAnyway")}
                    </Button>
                    <span className="quiet small">{t("version.goLead")}</span>
                  </div>
                </>
              ) : (
                <p className="quiet">{t("version.previewLead")}</p>
              )}
            </div>
          </Section>
        </div>
      </div>
    </>
  );
}

function SignerFields({
  title,
  value,
  onChange,
}: {
  title: string;
  value: Signer;
  onChange: (value: Signer) => void;
}) {
  const { t } = useWords();
  const id = useId();
  return (
    <fieldset className="signer">
      <legend>{title}</legend>
      {(["name", "role", "authority"] as const).map((field) => (
        <div key={field}>
          <label htmlFor={id + field}>{t(`version.signer.${field}`)}</label>
          <Input
            id={id + field}
            value={value[field]}
            maxLength={200}
            onChange={(event) => onChange({ ...value, [field]: event.target.value })}
          />
        </div>
      ))}
    </fieldset>
  );
}

/** Files that go with the version, and a place to drop more; one alone where not `multiple`. */
function Files({
  files,
  onChange,
  ...drop
}: {
  files: File[];
  label: string;
  hint?: string;
  accept?: string;
  multiple?: boolean;
  onChange: (files: File[]) => void;
}) {
  const { t } = useWords();
  return (
    <>
      {files.length > 0 ? (
        <ul className="plain-list annexes">
          {files.map((file, at) => (
            <li key={file.name}>
              <span className="wrap-anywhere">{file.name}</span>{" "}
              <span className="quiet figure">{bytes(file.size)}</span>{" "}
              <Button
                size="small"
                type="text"
                aria-label={t("form.removeOf", { name: file.name })}
                onClick={() => onChange(files.filter((_, i) => i !== at))}
              >
                {t("agreement.remove")}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <FileDrop
        {...drop}
        onFiles={(added) => {
          const names = new Set(added.map(({ name }) => name));
          onChange([...files.filter(({ name }) => !names.has(name)), ...added]);
        }}
      />
    </>
  );
}
