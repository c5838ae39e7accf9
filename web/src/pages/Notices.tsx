// What is due, late or changed, over all agreements; read one by one or all at once.
import { Button, Segmented } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import { useWrite } from "../http/hooks";
import { at } from "../http/request";
import type { Notice } from "../http/types";
import { AgreementScope } from "../parts/agreementContext";
import { ClauseLink } from "../parts/ClauseLink";
import { type Column, DataTable } from "../parts/DataTable";
import { Due, Instant } from "../parts/figures";
import { EmptyState, Page, Section } from "../parts/Page";
import { ProblemAlert } from "../parts/ProblemAlert";
import { StatusTag } from "../parts/StatusTag";
import { useWords } from "../words";

function late(row: Notice): boolean {
  return row.kind === "breached" || row.kind === "invoice_overdue";
}

export default function Notices() {
  const { t, code } = useWords();
  const [unread, setUnread] = useState(true);
  const write = useWrite({ stale: ["/notices"] });
  const columns: Column<Notice>[] = [
    {
      key: "what",
      title: t("notices.what"),
      card: "lead",
      cell: (row) => {
        const over = late(row);
        return (
          <span className={row.read ? "notice" : "notice unread"}>
            <StatusTag code={row.kind} tone={over ? "bad" : "info"}>
              {t(`notice.${row.kind}`)}
            </StatusTag>{" "}
            <Link
              to={at`/agreements/${row.agreement}`}
              onClick={() => {
                if (!row.read) write.mutate({ path: at`/notices/${row.id}/read` });
              }}
            >
              {row.owed ? code("obligation", row.owed) : row.subject}
            </Link>
          </span>
        );
      },
    },
    {
      key: "agreement",
      title: t("agreements.agreement"),
      cell: (row) => <code>{row.agreement}</code>,
    },
    {
      key: "whose",
      title: t("notices.whose"),
      cell: (row) =>
        row.mine ? (
          <span className="strong">{t("notices.mine")}</span>
        ) : (
          <span className="quiet">{t("notices.theirs")}</span>
        ),
    },
    { key: "due", title: t("notices.due"), cell: (row) => <Due at={row.due} /> },
    {
      key: "clause",
      title: t("clause.label"),
      cell: (row) => (
        <AgreementScope id={row.agreement}>
          {row.clause ? <ClauseLink clause={row.clause} /> : null}
        </AgreementScope>
      ),
    },
    { key: "since", title: t("notices.since"), cell: (row) => <Instant at={row.since} /> },
    {
      key: "read",
      title: "",
      align: "right",
      cell: (row) =>
        row.read ? null : (
          <Button
            size="small"
            onClick={() => write.mutate({ path: at`/notices/${row.id}/read` })}
            disabled={write.isPending}
          >
            {t("notices.markRead")}
          </Button>
        ),
    },
  ];
  return (
    <Page
      title={t("nav.notices")}
      lead={t("notices.lead")}
      actions={
        <>
          <Segmented
            aria-label={t("notices.which")}
            value={unread ? "unread" : "all"}
            onChange={(value) => setUnread(value === "unread")}
            options={[
              { value: "unread", label: t("notices.new") },
              { value: "all", label: t("notices.all") },
            ]}
          />
          <Button onClick={() => write.mutate({ path: "/notices/read" })} loading={write.isPending}>
            {t("notices.readAll")}
          </Button>
        </>
      }
    >
      <ProblemAlert problem={write.error} />
      <Section flush>
        <DataTable<Notice>
          label={t("nav.notices")}
          path="/notices"
          columns={columns}
          keep={(row) => !unread || !row.read}
          rowKey={(row) => row.id}
          tone={(row) => (row.read ? "quiet" : late(row) ? "bad" : undefined)}
          empty={<EmptyState title={t("notices.none")} />}
        />
      </Section>
    </Page>
  );
}
