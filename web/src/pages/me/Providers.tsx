// Other houses through which the person may sign in.
import { Button } from "antd";

import { type Paged, useRead, useWrite } from "../../http/hooks";
import { at } from "../../http/request";
import type { OidcProvider } from "../../http/types";
import { Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { useWords } from "../../words";

/** Nothing where the deployment knows no provider. */
export function Providers() {
  const { t } = useWords();
  const providers = useRead<Paged<OidcProvider>>("/oidc");
  const link = useWrite<{ url: string }>({ done: ({ url }) => window.location.assign(url) });
  const items = providers.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={t("me.providers")} lead={t("me.providersLead")}>
      <ProblemAlert problem={link.error} />
      <div className="actions">
        {items.map(({ id, name }) => (
          <Button
            key={id}
            loading={link.isPending}
            onClick={() => link.mutate({ path: at`/me/identities/${id}/start` })}
          >
            {t("me.providerLink", { name })}
          </Button>
        ))}
      </div>
    </Section>
  );
}
