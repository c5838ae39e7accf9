// The account of the person at the screen.
import { Button, Form, Input, message, Segmented } from "antd";

import { useLook } from "../../app/look";
import { useMe, useSession } from "../../app/session";
import type { Choice } from "../../app/theme";
import { useWrite } from "../../http/hooks";
import { Page, Section } from "../../parts/Page";
import { PASSWORD_LEAST } from "../../parts/PersonFields";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { type Lang, useWords } from "../../words";
import { Passkeys } from "./Passkeys";
import { Providers } from "./Providers";
import { Sessions } from "./Sessions";
import { Totp } from "./Totp";

export default function Me() {
  const { t } = useWords();
  const me = useMe();
  return (
    <Page title={t("nav.me")} lead={me.person.email} narrow>
      <Preferences />
      <Password />
      <Totp />
      <Passkeys />
      <Providers />
      <Sessions />
    </Page>
  );
}

function Preferences() {
  const { t } = useWords();
  const me = useMe();
  const { again } = useSession();
  const { lang, setLang, choice, setChoice } = useLook();
  const write = useWrite({ done: () => void again() });
  return (
    <Section title={t("me.preferences")}>
      <ProblemAlert problem={write.error} />
      <Form<{ name: string }>
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: me.person.name }}
        onFinish={(body) => write.mutate({ path: "/me", body })}
      >
        <Form.Item label={t("field.name")} htmlFor="me-name">
          <span className="input-with">
            <Form.Item name="name" noStyle rules={[{ required: true, message: t("field.needed") }]}>
              <Input id="me-name" autoComplete="name" maxLength={200} />
            </Form.Item>
            <Button htmlType="submit" loading={write.isPending}>
              {t("save")}
            </Button>
          </span>
        </Form.Item>
      </Form>
      <div className="two">
        <div>
          <h3>{t("me.lang")}</h3>
          <Segmented<Lang>
            aria-label={t("me.lang")}
            value={lang}
            onChange={(next) => {
              void setLang(next);
              write.mutate({ path: "/me", body: { lang: next } });
            }}
            options={[
              { value: "zh", label: <span lang="zh">中文</span> },
              { value: "en", label: <span lang="en">English</span> },
            ]}
          />
        </div>
        <div>
          <h3>{t("me.theme")}</h3>
          <Segmented<Choice>
            aria-label={t("me.theme")}
            value={choice}
            onChange={(next) => {
              setChoice(next);
              write.mutate({ path: "/me", body: { theme: next } });
            }}
            options={[
              { value: "system", label: t("theme.system") },
              { value: "light", label: t("theme.light") },
              { value: "dark", label: t("theme.dark") },
            ]}
          />
        </div>
      </div>
    </Section>
  );
}

function Password() {
  const { t } = useWords();
  const [form] = Form.useForm<{ current: string; new: string }>();
  const [messages, holder] = message.useMessage();
  const write = useWrite({
    stale: ["/sessions"],
    done: () => {
      form.resetFields();
      void messages.success(t("me.passwordChanged"));
    },
  });
  return (
    <Section title={t("field.password")}>
      {holder}
      <ProblemAlert problem={write.error} />
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(body) => write.mutate({ path: "/me/password", body })}
      >
        <div className="two">
          <Form.Item
            name="current"
            label={t("me.current")}
            rules={[{ required: true, message: t("field.needed") }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Form.Item
            name="new"
            label={t("me.newPassword")}
            rules={[
              { required: true, message: t("field.needed") },
              {
                min: PASSWORD_LEAST,
                message: t("field.passwordRule", { count: PASSWORD_LEAST }),
              },
            ]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        </div>
        <Button htmlType="submit" loading={write.isPending}>
          {t("me.changePassword")}
        </Button>
      </Form>
    </Section>
  );
}
