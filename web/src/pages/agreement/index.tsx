// The pages of one agreement.
import { useParams } from "react-router";

import { AgreementScope } from "../../parts/agreementContext";
import { Page } from "../../parts/Page";

export default function AgreementPages() {
  const { id = "" } = useParams();
  return (
    <AgreementScope id={id}>
      <Page title={id}>{null}</Page>
    </AgreementScope>
  );
}
