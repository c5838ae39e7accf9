// The agreement is registered: the other party is invited.
import { Button, Form, Input, Result } from "antd";
import { useNavigate } from "react-router";

import { useRead, useWrite } from "../../http/hooks";
import { at } from "../../http/request";
import type { InvitationMade, Side } from "../../http/types";
import { Copy } from "../../parts/Copy";
import { Page, Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { useWords } from "../../words";

export function Registered({ id, side }: { id: string; side: Side }) {
  const { t, code, pick } = useWords();
  const other: Side = side === "customer" ? "vendor" : "customer";
  const agreement = useRead<{ title: { zh: string; en: string } }>(at`/agreements/${id}`);
  const navigate = useNavigate();
  const invite = useWrite<InvitationMade>({ stale: ["/invitations"] });
  return (
    <Page title={t("new.done")} narrow>
      <Section>
        <Result
          status="success"
          className="done"
          title={pick(agreement.data?.title) || id}
          subTitle={t("new.doneLead")}
          extra={
            <Button onClick={() => void navigate(at`/agreements/${id}`)}>{t("new.open")}</Button>
          }
        />
      </Section>
      <Section title={t("new.invite", { side: code("side", other) })} lead={t("new.inviteLead")}>
        {invite.data ? (
          <>
            <p>{t("people.linkOnce")}</p>
            <pre className="source">{invite.data.link}</pre>
            <Copy text={invite.data.link} />
          </>
        ) : (
          <Form<{ email: string }>
            layout="vertical"
            requiredMark={false}
            onFinish={({ email }) =>
              invite.mutate({
                path: "/invitations",
                body: { email, roles: [], agreement: id, side: other },
              })
            }
          >
            <ProblemAlert problem={invite.error} />
            <Form.Item
              name="email"
              label={t("field.email")}
              rules={[{ required: true, type: "email", message: t("field.emailWrong") }]}
            >
              <Input type="email" autoComplete="off" />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={invite.isPending}>
              {t("people.invite")}
            </Button>
          </Form>
        )}
      </Section>
    </Page>
  );
}
