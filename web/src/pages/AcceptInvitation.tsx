// An invitation, accepted by a new person, with a new organisation, or by who is signed in.
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";

import { useSession } from "../app/session";
import { useRead } from "../http/hooks";
import { at, request } from "../http/request";
import type { InvitationShown, Me } from "../http/types";
import { Facts, Loaded, useTitle } from "../parts/Page";
import { PersonFields } from "../parts/PersonFields";
import { ProblemAlert } from "../parts/ProblemAlert";
import { useWords } from "../words";

interface Fields {
  organisation?: { name: string };
  person?: { name: string; email: string; password: string };
}

export default function AcceptInvitation() {
  const { t } = useWords();
  // The token stands behind the #: it reaches no log on the way.
  const token = decodeURIComponent(useLocation().hash.slice(1));
  const invitation = useRead<InvitationShown>(token ? at`/invitations/${token}` : null);
  useTitle(t("invitation.title"));
  return (
    <div className="gate wide">
      <h1>{t("invitation.title")}</h1>
      {token ? null : <p className="quiet">{t("invitation.noToken")}</p>}
      {token ? (
        <Loaded of={invitation}>
          {(data) => (
            <>
              <Invited invitation={data} />
              <Accept invitation={data} token={token} />
            </>
          )}
        </Loaded>
      ) : null}
    </div>
  );
}

function Invited({ invitation }: { invitation: InvitationShown }) {
  const { t, code } = useWords();
  const { organisation, joins_organisation, agreement, title, roles, email, side } = invitation;
  const items: [string, string][] = [
    [joins_organisation ? t("invitation.to") : t("invitation.from"), organisation],
  ];
  if (agreement) {
    items.push([t("agreements.agreement"), title ? `${title} (${agreement})` : agreement]);
  }
  if (side) items.push([t("invitation.side"), code("side", side)]);
  if (roles.length > 0) {
    items.push([t("people.roles"), roles.map((role) => code("role", role)).join(", ")]);
  }
  if (email) items.push([t("field.email"), email]);
  return (
    <div className="section">
      <Facts items={items} />
    </div>
  );
}

function Accept({ invitation, token }: { invitation: InvitationShown; token: string }) {
  const { t, lang } = useWords();
  const { session, enter } = useSession();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const me = session.state === "in" ? session.me : null;
  const founds = invitation.side !== null && !me?.organisation;

  const accept = async (fields: Fields) => {
    setBusy(true);
    setProblem(null);
    try {
      const email = invitation.email ?? fields.person?.email;
      const person = fields.person && { ...fields.person, email, lang };
      const body = { ...fields, ...(me ? {} : { person }) };
      enter(await request<Me>("POST", at`/invitations/${token}/accept`, { body }));
      void navigate(invitation.agreement ? at`/agreements/${invitation.agreement}` : "/");
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="section">
      {me ? (
        <Alert
          type="info"
          className="problem"
          title={t("invitation.asMe", { name: me.person.name, email: me.person.email })}
          description={
            invitation.side && me.organisation
              ? t("invitation.for", { organisation: me.organisation.name })
              : undefined
          }
        />
      ) : (
        <p className="quiet">
          {t("invitation.have")}{" "}
          <Link to={`/signin?to=${encodeURIComponent(`/invitation#${token}`)}`}>
            {t("signin.go")}
          </Link>
        </p>
      )}
      <ProblemAlert problem={problem} />
      <Form<Fields>
        layout="vertical"
        requiredMark={false}
        onFinish={(fields) => void accept(fields)}
      >
        {founds ? (
          <Form.Item
            name={["organisation", "name"]}
            label={t("field.organisation")}
            rules={[{ required: true, message: t("field.needed") }]}
          >
            <Input autoComplete="organization" maxLength={200} />
          </Form.Item>
        ) : null}
        {me ? null : <PersonFields email={invitation.email ?? undefined} />}
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t("invitation.go")}
        </Button>
      </Form>
    </div>
  );
}
