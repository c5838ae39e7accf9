// Who takes part: the seats of both parties, people with access for a time, and notes, of which
// ours alone are told apart from shared ones.
import { App, Button, Checkbox, Form, Input, Modal, Radio, Select } from "antd";
import { useState } from "react";

import { usePages, useRead, useWrite } from "../../http/hooks";
import { at } from "../../http/request";
import { useMe } from "../../app/session";
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
  person: string;
  name: string;
  roles: string[];
  from: string;
  until: string | null;
}
interface Access {
  seats: Record<Side, { name: string } | null>;
  grants: Grant[];
}
interface Note {
  id: string;
  person: string;
  name: string;
  side: Side;
  text: string;
  visibility: "shared" | "mine";
  at: string;
  entry: string | null;
}
interface Made {
  link: string;
  expires: string;
}

export default function People() {
  const { may } = useHere();
  return (
    <div className="columns">
      <div>
        <Seats />
        {may("readPeople") ? <Grants /> : null}
      </div>
      <div>{may("readNotes") ? <Notes /> : null}</div>
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
        other !== null && !head.seats[other] && may("invite") ? (
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

/** A link that is shown once. */
function LinkShown({ title, made, close }: { title: string; made: Made; close: () => void }) {
  const { t } = useWords();
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      footer={<Button onClick={close}>{t("agreement.close")}</Button>}
    >
      <p>{t("agreement.invite.link")}</p>
      <p className="invite-link">
        <code>{made.link}</code>
      </p>
      <Copy text={made.link} />{" "}
      <span className="quiet small">
        {t("agreement.invite.expires")} <Instant at={made.expires} />
      </span>
    </Modal>
  );
}

/** The other party takes its seat by a link. */
function Invite({ side, close }: { side: Side; close: () => void }) {
  const { t, code } = useWords();
  const { id } = useHere();
  const write = useWrite<Made>({ stale: [at`/agreements/${id}`, "/invitations"] });
  const title = t("agreement.invite.other");
  if (write.data) return <LinkShown title={title} made={write.data} close={close} />;
  const send = ({ email }: { email?: string }) => {
    const given = email?.trim() ?? "";
    const body = { ...(given === "" ? {} : { email: given }), agreement: id, side };
    write.mutate({ path: "/invitations", body });
  };
  return (
    <Modal
      open
      title={title}
      okText={t("agreement.invite.make")}
      okButtonProps={{ htmlType: "submit", form: "invite-form", loading: write.isPending }}
      onCancel={close}
    >
      <p className="quiet">{t("agreement.invite.lead", { party: code("side", side) })}</p>
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <Form name="invite-form" layout="vertical" requiredMark={false} onFinish={send}>
        <Form.Item
          name="email"
          label={t("agreement.invite.email")}
          rules={[{ type: "email", message: t("agreement.email.wrong") }]}
        >
          <Input type="email" autoComplete="off" autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Roles that a guest may have. */
const GUESTS = ["auditor", "annotator", "reviewer", "operator", "finance", "negotiator"] as const;

interface GrantForm {
  email: string;
  roles: string[];
  until: string;
}

function Grants() {
  const { t, code } = useWords();
  const { id, may, zone } = useHere();
  const path = at`/agreements/${id}`;
  const read = useRead<Access>(`${path}/access`);
  const [granting, setGranting] = useState(false);
  const end = useWrite({ stale: [path] });
  const columns: Column<Grant>[] = [
    {
      key: "person",
      title: t("agreement.person"),
      card: "lead",
      cell: (row) => row.name,
    },
    {
      key: "roles",
      title: t("agreement.roles"),
      cell: (row) => row.roles.map((role) => code("role", role)).join(" · "),
    },
    { key: "until", title: t("agreement.until"), cell: (row) => <Instant at={row.until} /> },
  ];
  if (may("grant")) {
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
        may("grant") ? (
          <Button onClick={() => setGranting(true)}>{t("agreement.grant")}</Button>
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
      {granting ? <GrantDialog zone={zone} close={() => setGranting(false)} /> : null}
    </Section>
  );
}

/** Who has no account yet is invited: then there is a link to hand over. */
function GrantDialog({ zone, close }: { zone: string; close: () => void }) {
  const { t, code } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const write = useWrite<{ grant: string | null; invitation: Made | null }>({
    stale: [at`/agreements/${id}`],
    done: ({ invitation }) => {
      if (invitation) return;
      void message.success(t("agreement.done"));
      close();
    },
  });
  const title = t("agreement.grant");
  const made = write.data?.invitation;
  if (made) return <LinkShown title={title} made={made} close={close} />;
  const send = ({ email, roles, until }: GrantForm) => {
    const body = { email: email.trim(), roles, until: fromWall(`${until}T23:59:59`, zone) };
    write.mutate({ path: at`/agreements/${id}/grants`, body });
  };
  const needed = [{ required: true, message: t("agreement.needed") }];
  return (
    <Modal
      open
      title={title}
      okText={title}
      okButtonProps={{ htmlType: "submit", form: "grant-form", loading: write.isPending }}
      onCancel={close}
    >
      <p className="quiet">{t("agreement.grant.lead")}</p>
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <Form<GrantForm>
        name="grant-form"
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
        <Form.Item name="roles" label={t("agreement.roles")} rules={needed}>
          <Select
            mode="multiple"
            options={GUESTS.map((value) => ({ value, label: code("role", value) }))}
          />
        </Form.Item>
        <Form.Item name="until" label={t("agreement.until")} rules={needed}>
          <Input type="date" />
        </Form.Item>
      </Form>
    </Modal>
  );
}

const VISIBLE = ["all", "shared", "mine"] as const;

function Notes() {
  const { t } = useWords();
  const { id, may } = useHere();
  const path = at`/agreements/${id}/notes`;
  const [shown, setShown] = useState<(typeof VISIBLE)[number]>("all");
  const notes = usePages<Note>(path, shown === "all" ? undefined : { visibility: shown });
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
      <Loaded of={{ data: notes.data ? notes.rows : undefined, error: notes.error }}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title={t("agreement.notes.none")} />
          ) : (
            <ul className="notes">
              {rows.map((note) => (
                <NoteView key={note.id} of={note} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {notes.hasNextPage ? (
        <div className="more">
          <Button onClick={() => void notes.fetchNextPage()} loading={notes.isFetchingNextPage}>
            {t("more")}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

function NoteView({ of }: { of: Note }) {
  const { t, code } = useWords();
  const { id } = useHere();
  const me = useMe();
  const remove = useWrite({ stale: [at`/agreements/${id}/notes`] });
  return (
    <li className={of.visibility}>
      <p className="small note-head">
        <StatusTag code={of.visibility} tone={of.visibility === "mine" ? "warn" : "info"}>
          {of.visibility === "mine" ? t("agreement.notes.mine") : t("agreement.notes.shared")}
        </StatusTag>
        <strong>{of.name}</strong>
        <span className="quiet">{code("side", of.side)}</span>
        <Instant at={of.at} /> {of.entry ? <EvidenceLink id={of.entry} /> : null}
      </p>
      <p className="note-text">{of.text}</p>
      {of.person === me.person.id ? (
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
      ) : null}
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
      name="note-form"
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
