// Proving again who one is, before signing, paying or deleting.
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";

import { confirmWithPasskey, passkeysWork } from "../http/passkey";
import { isProblem, type Problem } from "../http/problem";
import { request, surroundings } from "../http/request";
import type { Confirmed, Me } from "../http/types";
import { ProblemAlert } from "../parts/ProblemAlert";
import { useWords } from "../words";

export function ConfirmDialog({ me, done }: { me: Me; done: (proved: boolean) => void }) {
  const { t } = useWords();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<{ password?: string; code?: string }>();

  const prove = async (by: () => Promise<Confirmed>) => {
    setBusy(true);
    setProblem(null);
    try {
      const { csrf } = await by();
      if (csrf) surroundings.csrf = csrf;
      done(true);
    } catch (error) {
      if (!isProblem(error)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open
      title={t("confirm.title")}
      okText={t("confirm.go")}
      okButtonProps={{ htmlType: "submit", form: "confirm", loading: busy }}
      onCancel={() => done(false)}
      width={420}
    >
      <p className="quiet">{t("confirm.why")}</p>
      {problem ? <ProblemAlert problem={problem} /> : null}
      <Form
        id="confirm"
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(body) =>
          void prove(() => request<Confirmed>("POST", "/session/confirm", { body }))
        }
      >
        {me.person.totp ? (
          <Form.Item
            name="code"
            label={t("field.code")}
            extra={t("signin.codeLead")}
            rules={[{ required: true, message: t("field.needed") }]}
          >
            <Input autoComplete="one-time-code" maxLength={40} autoFocus />
          </Form.Item>
        ) : (
          <Form.Item
            name="password"
            label={t("field.password")}
            rules={[{ required: true, message: t("field.needed") }]}
          >
            <Input.Password autoComplete="current-password" autoFocus />
          </Form.Item>
        )}
      </Form>
      {me.person.passkeys > 0 && passkeysWork() ? (
        <Button block onClick={() => void prove(confirmWithPasskey)} disabled={busy}>
          {t("signin.passkey")}
        </Button>
      ) : null}
    </Modal>
  );
}
