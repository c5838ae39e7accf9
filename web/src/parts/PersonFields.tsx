// Name, e-mail and a new password of a person, as set-up and invitations ask for them.
import { Form, Input } from "antd";

import { useWords } from "../words";

export const PASSWORD_LEAST = 12;

export function PersonFields({ email }: { email?: string }) {
  const { t } = useWords();
  const needed = { required: true, message: t("field.needed") };
  return (
    <>
      <Form.Item name={["person", "name"]} label={t("field.name")} rules={[needed]}>
        <Input autoComplete="name" maxLength={200} />
      </Form.Item>
      <Form.Item
        name={["person", "email"]}
        label={t("field.email")}
        initialValue={email}
        rules={[needed, { type: "email", message: t("field.emailWrong") }]}
      >
        <Input type="email" autoComplete="username" disabled={email !== undefined} />
      </Form.Item>
      <Form.Item
        name={["person", "password"]}
        label={t("field.newPassword")}
        extra={t("field.passwordRule", { count: PASSWORD_LEAST })}
        rules={[
          needed,
          { min: PASSWORD_LEAST, message: t("field.passwordRule", { count: PASSWORD_LEAST }) },
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
