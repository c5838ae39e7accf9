// Password, then code; or a passkey; or another house's word (OIDC).
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { Navigate, useSearchParams } from "react-router";

import { useSession, willEnter } from "../app/session";
import { type Paged, useRead } from "../http/hooks";
import { passkeysWork, signInWithPasskey } from "../http/passkey";
import { address, at, request } from "../http/request";
import type { Me, OidcProvider, Setup, SignInAnswer } from "../http/types";
import { useTitle } from "../parts/Page";
import { ProblemAlert } from "../parts/ProblemAlert";
import { type Key, useWords } from "../words";

/** Only a path of this console; anything else leads home. */
function placeOf(to: string | null): string {
  if (!to) return "/";
  const url = new URL(to, window.location.origin);
  if (url.origin !== window.location.origin || !to.startsWith("/") || to.startsWith("//"))
    return "/";
  return url.pathname + url.search + url.hash;
}

/** What a provider's sign-in may come back with, where more can be said than that it failed. */
const OIDC: Record<string, Key> = {
  no_account: "signin.oidcNoAccount",
  email_not_verified: "signin.oidcUnverified",
  identity_taken: "signin.oidcTaken",
};

export default function SignIn() {
  const { t } = useWords();
  const { session, enter } = useSession();
  const [params] = useSearchParams();
  const [codeNeeded, setCodeNeeded] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const setup = useRead<Setup>("/setup");
  const oidc = useRead<Paged<OidcProvider>>("/oidc");
  useTitle(t("signin.title"));

  if (session.state === "in") return <Navigate to={placeOf(params.get("to"))} replace />;

  const go = async (by: () => Promise<Me | null>) => {
    setBusy(true);
    setProblem(null);
    try {
      const me = await by();
      if (me) enter(me);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="gate">
      <h1>{codeNeeded ? t("signin.codeTitle") : t("signin.title")}</h1>
      <p className="quiet">{codeNeeded ? t("signin.codeLead") : t("signin.lead")}</p>
      {setup.data?.needed ? (
        <div className="section">
          <p>{t("setup.missing")}</p>
        </div>
      ) : (
        <div className="section">
          {params.has("problem") && !problem ? (
            <Alert
              type="warning"
              showIcon
              className="problem"
              title={t(OIDC[params.get("problem") ?? ""] ?? "signin.oidcFailed")}
            />
          ) : null}
          <ProblemAlert problem={problem} />
          {codeNeeded ? (
            <CodeForm busy={busy} go={go} back={() => setCodeNeeded(false)} />
          ) : (
            <PasswordForm
              busy={busy}
              go={go}
              codeNeeded={() => setCodeNeeded(true)}
              providers={oidc.data?.items ?? []}
              to={placeOf(params.get("to"))}
            />
          )}
        </div>
      )}
    </div>
  );
}

type Go = (by: () => Promise<Me | null>) => Promise<void>;

function PasswordForm({
  busy,
  go,
  codeNeeded,
  providers,
  to,
}: {
  busy: boolean;
  go: Go;
  codeNeeded: () => void;
  providers: OidcProvider[];
  /** Where to after signing in. */
  to: string;
}) {
  const { t } = useWords();
  const [form] = Form.useForm<{ email: string; password: string }>();
  const needed = [{ required: true, message: t("field.needed") }];
  return (
    <>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(body) =>
          void go(async () => {
            const answer = await request<SignInAnswer>("POST", "/session", { body });
            if (answer.state === "signed_in") return answer.me;
            codeNeeded();
            return null;
          })
        }
      >
        <Form.Item name="email" label={t("field.email")} rules={needed}>
          <Input type="email" autoComplete="username webauthn" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t("field.password")} rules={needed}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t("signin.go")}
        </Button>
      </Form>
      {passkeysWork() || providers.length > 0 ? <div className="or">{t("signin.or")}</div> : null}
      <div className="stack">
        {passkeysWork() ? (
          <Button
            block
            disabled={busy}
            onClick={() =>
              void go(() => signInWithPasskey(form.getFieldValue("email") as string | undefined))
            }
          >
            {t("signin.passkey")}
          </Button>
        ) : null}
        {providers.map(({ id, name }) => (
          <Button key={id} block href={address(at`/oidc/${id}/start`, { to })} onClick={willEnter}>
            {t("signin.oidc", { name })}
          </Button>
        ))}
      </div>
    </>
  );
}

function CodeForm({ busy, go, back }: { busy: boolean; go: Go; back: () => void }) {
  const { t } = useWords();
  return (
    <Form<{ code: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ code }) =>
        void go(() =>
          request<Me>("POST", "/session/code", { body: { code: code.replace(/\s/g, "") } }),
        )
      }
    >
      <Form.Item
        name="code"
        label={t("field.code")}
        rules={[{ required: true, message: t("field.needed") }]}
      >
        <Input autoComplete="one-time-code" autoFocus maxLength={40} />
      </Form.Item>
      <div className="stack">
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t("signin.go")}
        </Button>
        <Button type="text" block onClick={back}>
          {t("back")}
        </Button>
      </div>
    </Form>
  );
}
