// People of the organisation, their roles, and who is invited.
import { Button, Form, Input, Modal, Popconfirm, Select } from "antd";
import { useState } from "react";

import { useMe } from "../../app/session";
import { useWrite } from "../../http/hooks";
import { at } from "../../http/request";
import {
  type InvitationMade,
  type InvitationRow,
  type PersonRow,
  type Role,
  ROLES,
} from "../../http/types";
import { type Column, DataTable } from "../../parts/DataTable";
import { Instant } from "../../parts/figures";
import { EmptyState, Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { ShownOnce } from "../../parts/Shown";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";

export default function People() {
  const { t } = useWords();
  const me = useMe();
  const owner = me.roles.includes("owner");
  const [inviting, setInviting] = useState(false);
  const [made, setMade] = useState<InvitationMade | null>(null);
  return (
    <>
      <Section
        title={t("organisation.people")}
        flush
        actions={
          owner ? (
            <Button type="primary" onClick={() => setInviting(true)}>
              {t("people.invite")}
            </Button>
          ) : null
        }
      >
        <PeopleTable owner={owner} />
      </Section>
      {owner ? (
        <Section title={t("people.invited")} flush>
          <InvitedTable />
        </Section>
      ) : null}
      {inviting ? (
        <Invite
          close={() => setInviting(false)}
          done={(invitation) => {
            setInviting(false);
            setMade(invitation);
          }}
        />
      ) : null}
      {made ? (
        <ShownOnce
          title={t("people.link")}
          lead={t("people.linkOnce")}
          text={made.link}
          close={() => setMade(null)}
        />
      ) : null}
    </>
  );
}

function PeopleTable({ owner }: { owner: boolean }) {
  const { t, code } = useWords();
  const me = useMe();
  const [editing, setEditing] = useState<PersonRow | null>(null);
  const remove = useWrite({ stale: ["/people"] });
  const columns: Column<PersonRow>[] = [
    {
      key: "name",
      title: t("field.name"),
      card: "lead",
      cell: (row) => (
        <>
          <span className="strong">{row.name}</span>{" "}
          {row.id === me.person.id ? <span className="quiet small">{t("people.you")}</span> : null}
          <div className="quiet small">{row.email}</div>
        </>
      ),
    },
    {
      key: "roles",
      title: t("people.roles"),
      cell: (row) => (
        <span className="chips">
          {row.roles.map((role) => (
            <span key={role} className="tag plain-tag">
              {code("role", role)}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: "second",
      title: t("people.second"),
      cell: (row) =>
        row.totp || row.passkeys > 0 ? (
          <StatusTag code="met">
            {[row.totp ? t("me.totp") : null, row.passkeys > 0 ? t("me.passkeys") : null]
              .filter(Boolean)
              .join(" · ")}
          </StatusTag>
        ) : (
          <StatusTag code="warning">{t("people.noSecond")}</StatusTag>
        ),
    },
    { key: "seen", title: t("people.seen"), cell: (row) => <Instant at={row.last_seen} /> },
    {
      key: "do",
      title: "",
      align: "right",
      cell: (row) =>
        owner ? (
          <span className="actions end">
            <Button size="small" onClick={() => setEditing(row)}>
              {t("people.edit")}
            </Button>
            <Popconfirm
              title={t("people.removeAsk", { name: row.name })}
              okText={t("people.remove")}
              onConfirm={() => remove.mutate({ method: "DELETE", path: at`/people/${row.id}` })}
            >
              <Button size="small" danger disabled={row.id === me.person.id}>
                {t("people.remove")}
              </Button>
            </Popconfirm>
          </span>
        ) : null,
    },
  ];
  return (
    <>
      <ProblemAlert problem={remove.error} />
      <DataTable
        label={t("organisation.people")}
        path="/people"
        columns={columns}
        rowKey={(row) => row.id}
      />
      {editing ? <EditRoles person={editing} close={() => setEditing(null)} /> : null}
    </>
  );
}

function RoleSelect({
  value,
  onChange,
  id,
}: {
  id?: string;
  value?: Role[];
  onChange?: (roles: Role[]) => void;
}) {
  const { code, t } = useWords();
  return (
    <Select<Role[]>
      id={id}
      className="wide"
      mode="multiple"
      aria-label={t("people.roles")}
      value={value ?? []}
      onChange={(roles) => onChange?.(roles)}
      options={ROLES.map((role) => ({ value: role, label: code("role", role) }))}
    />
  );
}

function EditRoles({ person, close }: { person: PersonRow; close: () => void }) {
  const { t } = useWords();
  const [roles, setRoles] = useState(person.roles);
  const write = useWrite({ stale: ["/people"], done: close });
  return (
    <Modal
      open
      title={t("people.rolesOf", { name: person.name })}
      onCancel={close}
      okText={t("save")}
      okButtonProps={{ loading: write.isPending }}
      onOk={() => write.mutate({ path: at`/people/${person.id}/roles`, body: { roles } })}
    >
      <ProblemAlert problem={write.error} />
      <RoleSelect value={roles} onChange={setRoles} />
    </Modal>
  );
}

function Invite({ close, done }: { close: () => void; done: (made: InvitationMade) => void }) {
  const { t } = useWords();
  const write = useWrite<InvitationMade>({ stale: ["/invitations"], done });
  return (
    <Modal
      open
      title={t("people.invite")}
      onCancel={close}
      okText={t("people.makeLink")}
      okButtonProps={{ htmlType: "submit", form: "invite", loading: write.isPending }}
    >
      <p className="quiet">{t("people.inviteLead")}</p>
      <ProblemAlert problem={write.error} />
      <Form<{ email: string; roles: Role[] }>
        id="invite"
        layout="vertical"
        requiredMark={false}
        onFinish={(body) => write.mutate({ path: "/invitations", body })}
      >
        <Form.Item
          name="email"
          label={t("field.email")}
          rules={[{ required: true, type: "email", message: t("field.emailWrong") }]}
        >
          <Input type="email" autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="roles"
          label={t("people.roles")}
          rules={[{ required: true, message: t("field.needed") }]}
        >
          <RoleSelect />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function InvitedTable() {
  const { t, code } = useWords();
  const revoke = useWrite({ stale: ["/invitations"] });
  const columns: Column<InvitationRow>[] = [
    {
      key: "email",
      title: t("field.email"),
      card: "lead",
      cell: (row) => row.email ?? t("people.anyone"),
    },
    {
      key: "roles",
      title: t("people.roles"),
      cell: (row) =>
        row.roles.length > 0 ? row.roles.map((role) => code("role", role)).join(", ") : "–",
    },
    {
      key: "agreement",
      title: t("agreements.agreement"),
      cell: (row) =>
        row.agreement ? (
          <>
            <code>{row.agreement}</code> {row.side ? code("side", row.side) : null}
          </>
        ) : (
          <span className="quiet">–</span>
        ),
    },
    { key: "expires", title: t("people.expires"), cell: (row) => <Instant at={row.expires} /> },
    {
      key: "do",
      title: "",
      align: "right",
      cell: (row) => (
        <Button
          size="small"
          danger
          onClick={() => revoke.mutate({ method: "DELETE", path: at`/invitations/${row.id}` })}
        >
          {t("people.revoke")}
        </Button>
      ),
    },
  ];
  return (
    <>
      <ProblemAlert problem={revoke.error} />
      <DataTable
        label={t("people.invited")}
        path="/invitations"
        columns={columns}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t("people.noneInvited")} />}
      />
    </>
  );
}
