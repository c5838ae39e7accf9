// Sizes and health of the deployment, for its administrator; nothing of any agreement.
import { useMe } from "../app/session";
import { bytes, group } from "../format/number";
import { stretch } from "../format/instant";
import { useRead } from "../http/hooks";
import type { PlatformView } from "../http/types";
import { EmptyState, Facts, Loaded, Page, Section } from "../parts/Page";
import { StatusTag } from "../parts/StatusTag";
import { useWords } from "../words";

export default function Platform() {
  const { t, lang } = useWords();
  const me = useMe();
  const platform = useRead<PlatformView>(
    me.platform_administrator ? "/platform" : null,
    undefined,
    {
      refetchInterval: 15_000,
    },
  );
  return (
    <Page title={t("nav.platform")} lead={t("platform.lead")}>
      {me.platform_administrator ? (
        <Loaded of={platform}>
          {(data) => (
            <>
              <div className="figures">
                <Figure label={t("platform.organisations")} value={group(data.organisations)} />
                <Figure label={t("platform.people")} value={group(data.people)} />
                <Figure label={t("nav.agreements")} value={group(data.agreements)} />
                <Figure label={t("platform.entries")} value={group(data.journal_entries)} />
                <Figure
                  label={t("platform.objects")}
                  value={data.objects_bytes === null ? "–" : bytes(data.objects_bytes)}
                />
              </div>
              <Section title={t("platform.health")}>
                <Facts
                  items={[
                    [t("platform.version"), <code key="v">{data.version}</code>],
                    [t("platform.uptime"), stretch(data.uptime_seconds * 1000, lang)],
                    [t("platform.pending"), group(data.outbox.pending)],
                    [
                      t("platform.dead"),
                      data.outbox.dead > 0 ? (
                        <StatusTag key="d" code="dead">
                          {group(data.outbox.dead)}
                        </StatusTag>
                      ) : (
                        "0"
                      ),
                    ],
                  ]}
                />
              </Section>
            </>
          )}
        </Loaded>
      ) : (
        <EmptyState title={t("missing.lead")} />
      )}
    </Page>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className="figure-box">
      <span className="quiet small">{label}</span>
      <span className="figure-value">{value}</span>
    </div>
  );
}
