// Who takes part: the seats of both parties, people with access for a time, and notes, of which
// ours alone are told apart from shared ones.
import { App, Button, Checkbox, Form, Input, Modal, Radio, Select } from "antd";
import { useState } from "react";

import { type Paged, useRead, useWrite } from "../../http/hooks";
import { at } from "../../http/request";
import { fromWall } from "../../format/instant";
import { Copy } from "../../parts/Copy";
import { type Column, Rows } from "../../parts/DataTable";
import { EvidenceLink } from "../../parts/EvidenceLink";
import { Instant } from "../../parts/figures";
import { EmptyState, Loaded, Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";
import { useHere } from "./here";
import type { Side } from "./types";

interface Grant {
  id: string;
  person: { id: string; name: string; email?: string } | string;
  roles: string[];
  from: string;
  until: string | null;
  granted_by: { name: string } | string | null;
}
type Seat = { taken?: boolean; organisation?: { name: string } | string | null } | boolean;
interface Access {
  seats?: Partial<Record<Side, Seat>> | null;
  grants: Grant[];
}
interface Note {
  id: string;
  person: { name: string } | string;
  organisation: { name: string } | string;
  text: string;
  visibility: "shared" | "mine";
  at: string;
  entry?: number | string | null;
  own?: boolean;
}

function nameOf(one: { name: string } | string | null | undefined): string {
  return typeof one === "string" ? one : (one?.name ?? "–");
}

export default function People() {
  return (
    <div className="columns">
      <div>
        <Seats />
        <Grants />
      </div>
      <div>
        <Notes />
      </div>
    </div>
  );
}

function Seats() {
  const { t, code } = useWords();
  const { head, terms, side, may } = useHere();
  const [inviting, setInviting] = useState(false);
  const other: Side | null = side === "customer" ? "vendor" : side === "vendor" ? "customer" : null;
  return (
    <Section
      title={t("agreement.seats")}
      actions={
        other !== null && !head.seats[other] && may("people") ? (
          <Button type="primary" onClick={() => setInviting(true)}>
            {t("agreement.invite.other")}
          </Button>
        ) : null
      }
    >
      <ul className="seats">
        {(["customer", "vendor"] as const).map((party) => (
          <li key={party} className={party === side ? "ours" : undefined}>
            <span className="quiet">{code("side", party)}</span>
            <strong>{head[party] || terms?.[party].name}</strong>
            {party === side ? <span className="our-mark">{t("agreement.we")}</span> : null}
            <StatusTag code={head.seats[party] ? "accepted" : "pending"}>
              {head.seats[party] ? t("agreement.seat.taken") : t("agreement.seat.empty")}
            </StatusTag>
          </li>
        ))}
      </ul>
      {inviting && other ? <Invite side={other} close={() => setInviting(false)} /> : null}
    </Section>
  );
}

interface InviteForm {
  email: string;
  roles: string[];
  until?: string;
}

/** A link that is shown once: to the other party, or to a person for this agreement alone. */
function Invite({ side, close }: { side: Side | null; close: () => void }) {
  const { t, code } = useWords();
  const { id, zone } = useHere();
  const write = useWrite<{ link: string; expires: string }>({
    stale: [at`/agreements/${id}`, "/invitations"],
  });
  const send = ({ email, roles, until }: InviteForm) => {
    const body = {
      email: email.trim(),
      agreement: id,
      roles: side === null ? roles : ["owner"],
      ...(side === null ? {} : { side }),
      ...(until ? { until: fromWall(`${until}T23:59:59`, zone) } : {}),
    };
    write.mutate({ path: "/invitations", body });
  };
  const title = side === null ? t("agreement.invite.person") : t("agreement.invite.other");
  if (write.data) {
    return (
      <Modal
        open
        title={title}
        onCancel={close}
        footer={<Button onClick={close}>{t("agreement.close")}</Button>}
      >
        <p>{t("agreement.invite.link")}</p>
        <p className="invite-link">
          <code>{write.data.link}</code>
        </p>
        <Copy text={write.data.link} />{" "}
        <span className="quiet small">
          {t("agreement.invite.expires")} <Instant at={write.data.expires} />
        </span>
      </Modal>
    );
  }
  return (
    <Modal
      open
      title={title}
      okText={t("agreement.invite.make")}
      okButtonProps={{ htmlType: "submit", form: "invite", loading: write.isPending }}
      onCancel={close}
    >
      <p className="quiet">
        {side === null
          ? t("agreement.invite.person.lead")
          : t("agreement.invite.lead", { party: code("side", side) })}
      </p>
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <Form<InviteForm>
        id="invite"
        layout="vertical"
        requiredMark={false}
        onFinish={send}
        initialValues={{ roles: ["auditor"] }}
      >
        <Form.Item
          name="email"
          label={t("agreement.email")}
          rules={[{ required: true, type: "email", message: t("agreement.email.wrong") }]}
        >
          <Input type="email" autoComplete="off" autoFocus />
        </Form.Item>
        {side === null ? <RolesAndEnd /> : null}
      </Form>
    </Modal>
  );
}

/** Roles that make sense for one agreement, and until when. */
function RolesAndEnd() {
  const { t, code } = useWords();
  const roles = [
    "auditor",
    "annotator",
    "reviewer",
    "operator",
    "finance",
    "negotiator",
    "signatory",
  ];
  return (
    <>
      <Form.Item
        name="roles"
        label={t("agreement.roles")}
        rules={[{ required: true, message: t("agreement.needed") }]}
      >
        <Select
          mode="multiple"
          options={roles.map((value) => ({ value, label: code("role", value) }))}
        />
      </Form.Item>
      <Form.Item
        name="until"
        label={t("agreement.until")}
        rules={[{ required: true, message: t("agreement.needed") }]}
      >
        <Input type="date" />
      </Form.Item>
    </>
  );
}

function Grants() {
  const { t, code } = useWords();
  const { id, may, zone } = useHere();
  const path = at`/agreements/${id}`;
  const read = useRead<Access>(`${path}/access`);
  const [mode, setMode] = useState<"invite" | "grant" | null>(null);
  const end = useWrite({ stale: [path] });
  const columns: Column<Grant>[] = [
    {
      key: "person",
      title: t("agreement.person"),
      card: "lead",
      cell: (row) => nameOf(row.person),
    },
    {
      key: "roles",
      title: t("agreement.roles"),
      cell: (row) => row.roles.map((role) => code("role", role)).join(" · "),
    },
    { key: "until", title: t("agreement.until"), cell: (row) => <Instant at={row.until} /> },
    {
      key: "by",
      title: t("agreement.granted_by"),
      card: "hide",
      cell: (row) => nameOf(row.granted_by),
    },
  ];
  if (may("people")) {
    columns.push({
      key: "end",
      title: t("agreement.action"),
      cell: (row) => (
        <Button
          size="small"
          danger
          loading={end.isPending}
          onClick={() =>
            end.mutate({ method: "DELETE", path: at`/agreements/${id}/grants/${row.id}` })
          }
        >
          {t("agreement.grant.end")}
        </Button>
      ),
    });
  }
  return (
    <Section
      title={t("agreement.grants")}
      lead={t("agreement.grants.lead")}
      flush
      actions={
        may("people") ? (
          <>
            <Button onClick={() => setMode("grant")}>{t("agreement.grant")}</Button>
            <Button onClick={() => setMode("invite")}>{t("agreement.invite.person")}</Button>
          </>
        ) : null
      }
    >
      {end.error ? <ProblemAlert problem={end.error} /> : null}
      <Loaded of={read}>
        {({ grants }) => (
          <Rows
            label={t("agreement.grants")}
            columns={columns}
            rows={grants}
            rowKey={(row) => row.id}
            empty={<EmptyState title={t("agreement.grants.none")} />}
          />
        )}
      </Loaded>
      {mode === "invite" ? <Invite side={null} close={() => setMode(null)} /> : null}
      {mode === "grant" ? <GrantDialog zone={zone} close={() => setMode(null)} /> : null}
    </Section>
  );
}

function GrantDialog({ zone, close }: { zone: string; close: () => void }) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const write = useWrite({
    stale: [at`/agreements/${id}`],
    done: () => {
      void message.success(t("agreement.done"));
      close();
    },
  });
  const send = ({ email, roles, until }: InviteForm) =>
    write.mutate({
      path: at`/agreements/${id}/grants`,
      body: {
        email: email.trim(),
        roles,
        until: until ? fromWall(`${until}T23:59:59`, zone) : null,
      },
    });
  return (
    <Modal
      open
      title={t("agreement.grant")}
      okText={t("agreement.grant")}
      okButtonProps={{ htmlType: "submit", form: "grant", loading: write.isPending }}
      onCancel={close}
    >
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <Form<InviteForm>
        id="grant"
        layout="vertical"
        requiredMark={false}
        onFinish={send}
        initialValues={{ roles: ["auditor"] }}
      >
        <Form.Item
          name="email"
          label={t("agreement.grant.email")}
          rules={[{ required: true, type: "email", message: t("agreement.email.wrong") }]}
        >
          <Input type="email" autoComplete="off" autoFocus />
        </Form.Item>
        <RolesAndEnd />
      </Form>
    </Modal>
  );
}

const VISIBLE = ["all", "shared", "mine"] as const;

function Notes() {
  const { t } = useWords();
  const { id, may } = useHere();
  const path = at`/agreements/${id}`;
  const [shown, setShown] = useState<(typeof VISIBLE)[number]>("all");
  const read = useRead<Paged<Note>>(
    `${path}/notes`,
    shown === "all" ? undefined : { visibility: shown },
  );
  return (
    <Section
      title={t("agreement.notes")}
      lead={t("agreement.notes.lead")}
      actions={
        <Select
          size="small"
          value={shown}
          onChange={setShown}
          aria-label={t("agreement.notes.filter")}
          options={VISIBLE.map((value) => ({ value, label: t(`agreement.notes.${value}`) }))}
        />
      }
    >
      {may("note") ? <Write /> : null}
      <Loaded of={read}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t("agreement.notes.none")} />
          ) : (
            <ul className="notes">
              {items.map((note) => (
                <NoteView key={note.id} of={note} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

function NoteView({ of }: { of: Note }) {
  const { t } = useWords();
  const { id } = useHere();
  const remove = useWrite({ stale: [at`/agreements/${id}/notes`] });
  const entry = of.entry == null ? null : String(of.entry).replace(/^e?/, "e");
  return (
    <li className={of.visibility}>
      <p className="small note-head">
        <StatusTag code={of.visibility} tone={of.visibility === "mine" ? "warn" : "info"}>
          {of.visibility === "mine" ? t("agreement.notes.mine") : t("agreement.notes.shared")}
        </StatusTag>
        <strong>{nameOf(of.person)}</strong>{" "}
        <span className="quiet">{nameOf(of.organisation)}</span> <Instant at={of.at} />{" "}
        {entry ? <EvidenceLink id={entry} /> : null}
      </p>
      <p className="note-text">{of.text}</p>
      {of.own === false ? null : (
        <Button
          size="small"
          type="text"
          loading={remove.isPending}
          onClick={() =>
            remove.mutate({ method: "DELETE", path: at`/agreements/${id}/notes/${of.id}` })
          }
        >
          {t("agreement.remove")}
        </Button>
      )}
      {remove.error ? <ProblemAlert problem={remove.error} /> : null}
    </li>
  );
}

function Write() {
  const { t } = useWords();
  const { id } = useHere();
  const [form] = Form.useForm<{ text: string; visibility: "shared" | "mine"; sure?: boolean }>();
  const visibility = Form.useWatch("visibility", form);
  const write = useWrite({ stale: [at`/agreements/${id}/notes`], done: () => form.resetFields() });
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      className={`note-form ${visibility ?? "mine"}`}
      initialValues={{ visibility: "mine" }}
      onFinish={({ text, visibility: to }) =>
        write.mutate({ path: at`/agreements/${id}/notes`, body: { text, visibility: to } })
      }
    >
      <Form.Item
        name="text"
        label={t("agreement.note")}
        rules={[{ required: true, message: t("agreement.needed") }]}
      >
        <Input.TextArea rows={2} maxLength={4000} />
      </Form.Item>
      <Form.Item name="visibility" label={t("agreement.note.for")}>
        <Radio.Group
          options={[
            { value: "mine", label: t("agreement.notes.mine") },
            { value: "shared", label: t("agreement.notes.shared") },
          ]}
        />
      </Form.Item>
      {visibility === "shared" ? (
        <Form.Item
          name="sure"
          valuePropName="checked"
          rules={[
            {
              validator: (_, yes) =>
                yes ? Promise.resolve() : Promise.reject(new Error(t("agreement.needed"))),
            },
          ]}
        >
          <Checkbox>{t("agreement.note.sure")}</Checkbox>
        </Form.Item>
      ) : null}
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <Button htmlType="submit" loading={write.isPending}>
        {t("agreement.note.write")}
      </Button>
    </Form>
  );
}
