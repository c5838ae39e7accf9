// Codes of an authenticator as a second proof, and the recovery codes that replace it.
import { Button, Form, Input, Popconfirm } from "antd";
import { useState } from "react";

import { useMe, useSession } from "../../app/session";
import { useWrite } from "../../http/hooks";
import { Copy } from "../../parts/Copy";
import { Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { ShownOnce } from "../../parts/Shown";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";

interface Begun {
  secret: string;
  uri: string;
  svg: string;
}

export function Totp() {
  const { t } = useWords();
  const me = useMe();
  const { again } = useSession();
  const [begun, setBegun] = useState<Begun | null>(null);
  const [recovery, setRecovery] = useState<string[] | null>(null);
  const begin = useWrite<Begun>({ done: setBegun });
  const finish = useWrite<{ recovery_codes: string[] }>({
    done: ({ recovery_codes }) => {
      setBegun(null);
      setRecovery(recovery_codes);
      void again();
    },
  });
  const remove = useWrite({ done: () => void again() });
  return (
    <Section
      title={t("me.totp")}
      lead={t("me.totpLead")}
      actions={
        <StatusTag code={me.person.totp ? "met" : "off"}>
          {me.person.totp ? t("me.on") : t("me.off")}
        </StatusTag>
      }
    >
      <ProblemAlert problem={begin.error ?? finish.error ?? remove.error} />
      {me.person.totp ? (
        <Popconfirm
          title={t("me.totpRemoveAsk")}
          okText={t("form.remove")}
          onConfirm={() => remove.mutate({ method: "DELETE", path: "/me/totp" })}
        >
          <Button danger loading={remove.isPending}>
            {t("me.totpRemove")}
          </Button>
        </Popconfirm>
      ) : begun ? (
        <div className="totp">
          <img src={svgAddress(begun.svg)} alt={t("me.totpQr")} width={176} height={176} />
          <div>
            <p>{t("me.totpScan")}</p>
            <p>
              <code className="wrap-anywhere">{begun.secret}</code> <Copy text={begun.secret} />
            </p>
            <Form<{ code: string }>
              layout="vertical"
              requiredMark={false}
              onFinish={({ code }) =>
                finish.mutate({ path: "/me/totp/confirm", body: { code: code.replace(/\s/g, "") } })
              }
            >
              <Form.Item
                name="code"
                label={t("field.code")}
                rules={[{ required: true, message: t("field.needed") }]}
              >
                <Input inputMode="numeric" autoComplete="one-time-code" maxLength={10} autoFocus />
              </Form.Item>
              <Button type="primary" htmlType="submit" loading={finish.isPending}>
                {t("me.totpFinish")}
              </Button>
            </Form>
          </div>
        </div>
      ) : (
        <Button loading={begin.isPending} onClick={() => begin.mutate({ path: "/me/totp" })}>
          {t("me.totpBegin")}
        </Button>
      )}
      {recovery ? (
        <ShownOnce
          title={t("me.recovery")}
          lead={t("me.recoveryLead")}
          text={recovery.join("\n")}
          close={() => setRecovery(null)}
        />
      ) : null}
    </Section>
  );
}

/** As an image: whatever the SVG holds, it runs nothing. */
function svgAddress(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}
