// The first run: the link that `tally serve` prints opens this page and makes the first person.
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { Navigate, useLocation } from "react-router";

import { useSession } from "../app/session";
import { useRead } from "../http/hooks";
import { request } from "../http/request";
import type { Me, Setup as SetupState } from "../http/types";
import { Loaded, useTitle } from "../parts/Page";
import { PersonFields } from "../parts/PersonFields";
import { ProblemAlert } from "../parts/ProblemAlert";
import { useWords } from "../words";

interface Fields {
  token: string;
  organisation: { name: string };
  person: { name: string; email: string; password: string };
}

export default function Setup() {
  const { t, lang } = useWords();
  const { session, enter } = useSession();
  const { hash } = useLocation();
  const setup = useRead<SetupState>("/setup");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  useTitle(t("setup.title"));
  if (session.state === "in") return <Navigate to="/" replace />;

  const finish = async (fields: Fields) => {
    setBusy(true);
    setProblem(null);
    try {
      const body = { ...fields, person: { ...fields.person, lang } };
      const me = await request<Me>("POST", "/setup", { body });
      window.history.replaceState(null, "", "/setup");
      enter(me);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="gate wide">
      <h1>{t("setup.title")}</h1>
      <Loaded of={setup}>
        {({ needed, deployment }) =>
          needed ? (
            <>
              <p className="quiet">{t("setup.lead", { deployment })}</p>
              <div className="section">
                <ProblemAlert problem={problem} />
                <Form<Fields>
                  layout="vertical"
                  requiredMark={false}
                  initialValues={{ token: decodeURIComponent(hash.slice(1)) }}
                  onFinish={(fields) => void finish(fields)}
                >
                  <Form.Item
                    name="token"
                    label={t("setup.token")}
                    extra={t("setup.tokenHint")}
                    hidden={hash.length > 1}
                    rules={[{ required: true, message: t("field.needed") }]}
                  >
                    <Input autoComplete="off" />
                  </Form.Item>
                  <Form.Item
                    name={["organisation", "name"]}
                    label={t("field.organisation")}
                    rules={[{ required: true, message: t("field.needed") }]}
                  >
                    <Input autoComplete="organization" autoFocus maxLength={200} />
                  </Form.Item>
                  <PersonFields />
                  <Button type="primary" htmlType="submit" block loading={busy}>
                    {t("setup.go")}
                  </Button>
                </Form>
              </div>
            </>
          ) : (
            <div className="section">
              <p>{t("setup.done")}</p>
              <Button type="primary" href="/signin">
                {t("signin.go")}
              </Button>
            </div>
          )
        }
      </Loaded>
    </div>
  );
}
