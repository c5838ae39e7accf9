// An entry as it stands in the journal: sentence, payload, the exact line, its place in the tree.
import { Button, Drawer } from "antd";

import { useRead } from "../http/hooks";
import { address, at } from "../http/request";
import type { EntryDetail } from "../http/types";
import { useWords } from "../words";
import { Copy } from "./Copy";
import { Hash, Instant } from "./figures";
import { Facts, Loaded, Section } from "./Page";
import { StatusTag } from "./StatusTag";

export default function EvidenceDrawer({
  agreement,
  id,
  open,
  close,
}: {
  agreement: string;
  id: string;
  open: boolean;
  close: () => void;
}) {
  const { t, pick, code } = useWords();
  const seq = id.replace(/^e/, "");
  const entry = useRead<EntryDetail>(open ? at`/agreements/${agreement}/entries/${seq}` : null);
  return (
    <Drawer open={open} onClose={close} title={t("evidence.title", { id })} size={560}>
      <Loaded of={entry}>
        {(data) => (
          <>
            <p className="entry-sentence">{pick(data.text)}</p>
            <Facts
              items={[
                [t("evidence.at"), <Instant key="at" at={data.at} />],
                [t("evidence.actor"), `${code("actor", data.actor.of)} · ${data.actor.name}`],
                [
                  t("evidence.kind"),
                  data.fact ? code("fact", data.fact) : code("event", data.kind),
                ],
                [
                  t("evidence.proof"),
                  data.proof.included ? (
                    <StatusTag key="p" code="verified">
                      {t("evidence.included", { size: data.proof.size })}
                    </StatusTag>
                  ) : (
                    <StatusTag key="p" code="pending">
                      {t("evidence.waiting")}
                    </StatusTag>
                  ),
                ],
                [t("evidence.cosigned"), data.proof.cosigned],
                ["SHA-256", <Hash key="h" value={data.sha256} />],
              ]}
            />
            <Section title={t("evidence.line")} actions={<Copy text={data.line} />}>
              <pre className="source">{pretty(data.line)}</pre>
            </Section>
            <Button href={address(at`/agreements/${agreement}/entries/${seq}/proof`)} download>
              {t("evidence.download")}
            </Button>
          </>
        )}
      </Loaded>
    </Drawer>
  );
}

function pretty(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line), null, 2);
  } catch {
    return line;
  }
}
