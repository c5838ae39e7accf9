// The signing page: exactly what is signed, what stands in the way, the party's own key, and what
// there is to take away afterwards.
import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { Link } from "react-router";

import { sha256 } from "../../../format/bytes";
import { address, at, request } from "../../../http/request";
import { Loaded, Loading, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { type Manifest, open, useNegotiation, useVersions, type Version } from "../versions/api";
import { Obstacles } from "../versions/Changes";
import { FileLink, Meaning, Parts } from "../versions/Parts";
import { Red } from "../versions/Red";
import "../versions/versions.css";
import { Signatures } from "./Signatures";
import { SignPanel } from "./SignPanel";

const MANIFEST = "manifest.json";
const SEALED = "sealed.pdf";

export default function Signing() {
  const { id } = useHere();
  const read = useVersions(id);
  return (
    <Loaded of={read} rows={8}>
      {({ versions }) => {
        const latest = versions.at(-1);
        return latest ? <OfVersion of={latest} /> : <OfTerms />;
      }}
    </Loaded>
  );
}

/** Whether the reader may sign and has not yet. */
function useToSign(): boolean {
  const { head, may, side } = useHere();
  return may("sign") && side !== null && !head.signed.some((one) => one.side === side);
}

/** No version was offered: the terms alone are signed, as their hash. */
function OfTerms() {
  const { t } = useWords();
  const { id, may, head } = useHere();
  const toSign = useToSign();
  return (
    <>
      <Signatures />
      {head.phase === "draft" ? (
        <Section title={t("sign.terms")} lead={t("sign.termsLead")}>
          {may("offer") ? (
            <Link to={`/agreements/${encodeURIComponent(id)}/versions/offer`}>
              {t("version.offerFirst")}
            </Link>
          ) : null}
        </Section>
      ) : null}
      {toSign ? <SignPanel /> : null}
    </>
  );
}

function OfVersion({ of }: { of: Version }) {
  const { t } = useWords();
  const { id, head, may } = useHere();
  const toSign = useToSign();
  const negotiation = useNegotiation(id, toSign && may("readNotes"));
  const red = open(negotiation.data?.red ?? [], of.number);
  const both = of.signed.length === 2 || head.phase === "in_force";
  return (
    <>
      <Signatures />
      {both ? <Taken of={of} /> : null}
      <Section
        title={t("sign.what", { number: of.number })}
        actions={of.manifest ? <Checked of={of.manifest} version={of.number} /> : null}
      >
        {of.manifest ? (
          <>
            <Meaning of={of.manifest} />
            <p className="after">
              <FileLink version={of.number} name={MANIFEST} label={t("sign.manifest")} />
            </p>
          </>
        ) : (
          <Alert type="warning" showIcon title={t("sign.cannot")} />
        )}
        <Obstacles of={of.obstacles} />
      </Section>
      <Section title={t("version.parts")} flush={of.manifest !== null}>
        <Parts of={of} />
      </Section>
      {negotiation.isLoading ? <Loading /> : null}
      <ProblemAlert problem={negotiation.error} />
      {toSign && red.length > 0 ? (
        <Section title={t("sign.red", { count: red.length })} lead={t("sign.redLead")}>
          <Red of={red} />
        </Section>
      ) : null}
      {toSign && of.manifest && of.obstacles.length === 0 && !negotiation.isLoading ? (
        red.length > 0 ? (
          <p className="quiet">{t("sign.afterRed")}</p>
        ) : (
          <SignPanel manifest={of.manifest} />
        )
      ) : null}
    </>
  );
}

/** The manifest is fetched and hashed here, so that its hash need not be believed. */
function Checked({ of, version }: { of: Manifest; version: number }) {
  const { t } = useWords();
  const { id } = useHere();
  const read = useQuery({
    queryKey: ["manifest", id, version, of.sha256],
    queryFn: async () => {
      const path = at`/agreements/${id}/versions/${version}/files/${MANIFEST}`;
      const file = await request<Blob>("GET", path, { answer: "blob" });
      return (await sha256(new Uint8Array(await file.arrayBuffer()))) === of.sha256;
    },
    staleTime: Infinity,
  });
  if (read.data === undefined) return null;
  return (
    <StatusTag code={read.data ? "verified" : "error"}>
      {read.data ? t("sign.hashed") : t("sign.notHashed")}
    </StatusTag>
  );
}

/** Both have signed: the files, and where anybody can check them. */
function Taken({ of }: { of: Version }) {
  const { t } = useWords();
  const { id } = useHere();
  const sealed = of.manifest?.parts.some(({ kind }) => kind === "pdf") ?? false;
  return (
    <Section title={t("sign.done")} lead={t("sign.doneLead")}>
      <div className="actions">
        <Button type="primary" href={address(at`/agreements/${id}/signed-file`)} download>
          {t("sign.file")}
        </Button>
        {sealed ? (
          <Button
            href={address(at`/agreements/${id}/versions/${of.number}/files/${SEALED}`)}
            download
          >
            {t("sign.sealed")}
          </Button>
        ) : null}
        <Link to="/verify">{t("sign.verify")}</Link>
      </div>
    </Section>
  );
}
