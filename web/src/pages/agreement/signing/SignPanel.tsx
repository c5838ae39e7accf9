// Signing: what is signed is shown and held against what the page shows, the party's own key signs
// it in this page, and only the signature leaves it.
import { Alert, App, Button, Input, Select } from "antd";
import { useState } from "react";

import { useMe } from "../../../app/session";
import { base64, sha256, unbase64 } from "../../../format/bytes";
import { isProblem, type Problem } from "../../../http/problem";
import { request, at } from "../../../http/request";
import { useWrite } from "../../../http/hooks";
import { Hash } from "../../../parts/figures";
import { Facts, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { type Envelope, envelopeOf } from "../model/envelope";
import type { SigningKey } from "../model/keyfile";
import type { Manifest } from "../versions/api";
import { KeyChooser } from "./KeyChooser";

interface Payload {
  payload: string;
  payload_type: string;
  terms_sha256: string;
  /** `null` where the terms alone are signed. */
  manifest_sha256?: string | null;
  side: string;
}
interface Ready {
  bytes: Uint8Array<ArrayBuffer>;
  digest: string;
  says: Envelope;
  /** The hash of what is signed: of a manifest, or of terms. */
  shown: string;
}

/** `manifest`: what a version is signed by; `document`: a paper that joins the agreement later. */
export function SignPanel({
  manifest,
  document,
  done,
}: {
  manifest?: Manifest;
  document?: string;
  done?: () => void;
}) {
  const { t, code } = useWords();
  const { id, side, head } = useHere();
  const me = useMe();
  const { message } = App.useApp();
  const named = manifest?.signatories.filter((one) => one.side === side).map((one) => one.name);
  const [signatory, setSignatory] = useState(() =>
    !named || named.includes(me.person.name) ? me.person.name : (named[0] ?? ""),
  );
  const [key, setKey] = useState<SigningKey | null>(null);
  const [ready, setReady] = useState<Ready | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const path = at`/agreements/${id}`;
  const write = useWrite({
    stale: [path],
    done: () => {
      void message.success(t("agreement.signed.done"));
      setReady(null);
      done?.();
    },
  });

  const prepare = async () => {
    if (key === null) return;
    setBusy(true);
    setProblem(null);
    setWrong(false);
    try {
      const answer = await request<Payload>("GET", `${path}/signing`, {
        query: { document, signatory, ...keyFields(key) },
      });
      const bytes = unbase64(answer.payload);
      const says = envelopeOf(bytes);
      // What stands on this page, and nothing else, is what the bytes must be about.
      const shown =
        manifest?.sha256 ?? (document === undefined ? head.terms_sha256 : answer.terms_sha256);
      const good =
        says !== null &&
        shown !== null &&
        says.agreement === id &&
        says.side === side &&
        says.signatory === signatory &&
        says.subject.length === 1 &&
        says.subject[0]?.sha256 === shown;
      if (good) setReady({ bytes, says, digest: await sha256(bytes), shown });
      else setWrong(true);
    } catch (error) {
      if (!isProblem(error)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const sign = async () => {
    if (key === null || ready === null) return;
    const signature = base64(await key.sign(ready.bytes));
    write.mutate({
      path: `${path}/signatures`,
      body: {
        ...(document === undefined ? {} : { document }),
        signatory,
        ...keyFields(key),
        signature,
      },
    });
  };
  return (
    <Section
      title={
        document === undefined ? t("agreement.sign.title") : t("agreement.sign.paper", { document })
      }
      lead={t("agreement.sign.lead", { party: side ? code("side", side) : "" })}
    >
      <div className="signing">
        <label className="block" htmlFor="signatory">
          {t("agreement.signatory")}
        </label>
        {named ? (
          <Select
            id="signatory"
            value={signatory}
            options={named.map((value) => ({ value, label: value }))}
            onChange={(value) => {
              setSignatory(value);
              setReady(null);
            }}
          />
        ) : (
          <Input
            id="signatory"
            value={signatory}
            maxLength={128}
            onChange={(event) => {
              setSignatory(event.target.value);
              setReady(null);
            }}
          />
        )}
        <KeyChooser
          chosen={key}
          choose={(next) => {
            setKey(next);
            setReady(null);
          }}
        />
      </div>
      {wrong ? (
        <Alert role="alert" type="error" showIcon title={t("agreement.sign.wrong")} />
      ) : null}
      {problem ? <ProblemAlert problem={problem} /> : null}
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      {ready ? (
        <>
          <Facts
            items={[
              [t("agreement.sign.what"), ready.says.subject.map((one) => one.name).join(", ")],
              [
                manifest ? t("version.manifest") : t("agreement.terms.hash"),
                <code key="h" className="whole-hash">
                  {ready.shown}
                </code>,
              ],
              [
                t("agreement.sign.as"),
                `${code("side", ready.says.side)} · ${ready.says.signatory}`,
              ],
              [t("agreement.sign.key"), <Hash key="k" value={ready.says.key} />],
              [
                t("agreement.sign.bytes", { count: ready.bytes.length }),
                <Hash key="d" value={ready.digest} />,
              ],
            ]}
          />
          <div className="actions">
            <Button type="primary" loading={write.isPending} onClick={() => void sign()}>
              {t("agreement.sign.now")}
            </Button>
            <span className="quiet small">{t("agreement.confirm.note")}</span>
          </div>
        </>
      ) : (
        <div className="actions">
          <Button
            type="primary"
            disabled={key === null || signatory.trim() === ""}
            loading={busy}
            onClick={() => void prepare()}
          >
            {t("agreement.sign.show")}
          </Button>
        </div>
      )}
    </Section>
  );
}

/** A key as the server is told of it. */
function keyFields({ name, publicKey, algorithm }: SigningKey) {
  return {
    key_name: name,
    public_key: base64(publicKey),
    ...(algorithm === "ed25519" ? {} : { algorithm }),
  };
}
