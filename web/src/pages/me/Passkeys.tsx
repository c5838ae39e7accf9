// Passkeys of the person: added on this machine, removed one by one.
import { Button, Input, Popconfirm } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { useSession } from "../../app/session";
import { refresh, useWrite } from "../../http/hooks";
import { addPasskey, passkeysWork } from "../../http/passkey";
import { at } from "../../http/request";
import type { PasskeyRow } from "../../http/types";
import { DataTable } from "../../parts/DataTable";
import { Instant } from "../../parts/figures";
import { Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { useWords } from "../../words";

export function Passkeys() {
  const { t } = useWords();
  const { again } = useSession();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const remove = useWrite({ stale: ["/me/passkeys"], done: () => void again() });

  const add = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await addPasskey(name.trim() || t("me.passkeyName"));
      setName("");
      await Promise.all([refresh(client, "/me/passkeys"), again()]);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Section title={t("me.passkeys")} lead={t("me.passkeysLead")}>
      <ProblemAlert problem={problem ?? remove.error} />
      <DataTable<PasskeyRow>
        label={t("me.passkeys")}
        path="/me/passkeys"
        rowKey={(row) => row.id}
        empty={<p className="quiet">{t("me.noPasskeys")}</p>}
        columns={[
          { key: "name", title: t("keys.name"), card: "lead", cell: (row) => row.name },
          { key: "created", title: t("me.added"), cell: (row) => <Instant at={row.created} /> },
          { key: "used", title: t("keys.used"), cell: (row) => <Instant at={row.last_used} /> },
          {
            key: "do",
            title: "",
            align: "right",
            cell: (row) => (
              <Popconfirm
                title={t("me.passkeyRemoveAsk", { name: row.name })}
                okText={t("form.remove")}
                onConfirm={() =>
                  remove.mutate({ method: "DELETE", path: at`/me/passkeys/${row.id}` })
                }
              >
                <Button size="small" danger>
                  {t("form.remove")}
                </Button>
              </Popconfirm>
            ),
          },
        ]}
      />
      {passkeysWork() ? (
        <form
          className="input-with after"
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <Input
            aria-label={t("me.passkeyNamed")}
            placeholder={t("me.passkeyNamed")}
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.target.value)}
          />
          <Button htmlType="submit" loading={busy}>
            {t("me.passkeyAdd")}
          </Button>
        </form>
      ) : (
        <p className="quiet small">{t("me.passkeysNot")}</p>
      )}
    </Section>
  );
}
