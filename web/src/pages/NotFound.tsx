// An address that leads nowhere, or to something the reader may not know of.
import { Button } from "antd";

import { Page } from "../parts/Page";
import { useWords } from "../words";

export default function NotFound() {
  const { t } = useWords();
  return (
    <Page title={t("missing.title")} lead={t("missing.lead")} narrow>
      <Button type="primary" href="/">
        {t("failed.home")}
      </Button>
    </Page>
  );
}
