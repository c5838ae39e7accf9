// How far people who labelled the same items agree: Cohen's kappa, Fleiss' kappa, Krippendorff's alpha.
import type { ReplicasView } from "../../../api/types.gen";
import { group } from "../../../format/number";
import { Rows } from "../../../parts/DataTable";
import { EmptyState } from "../../../parts/Page";
import { useWords } from "../../../words";

type Coefficient = "cohen_kappa" | "fleiss_kappa" | "krippendorff_alpha";

export function Agreement({ of }: { of: ReplicasView }) {
  const { t } = useWords();
  return (
    <>
      <Rows
        label={t("labelling.agreement")}
        rows={of.coefficients}
        rowKey={(one) => one.coefficient}
        empty={
          <EmptyState title={t("labelling.agreement.none")}>
            {t("labelling.agreement.none.lead")}
          </EmptyState>
        }
        columns={[
          {
            key: "coefficient",
            title: t("labelling.agreement.coefficient"),
            card: "lead",
            cell: (one) => t(`labelling.coefficient.${one.coefficient as Coefficient}`),
          },
          {
            key: "value",
            title: t("labelling.agreement.value"),
            align: "right",
            cell: ({ value, low, high }) => (
              <span className="figure">
                {value ? Number(value).toFixed(3) : "–"}
                {typeof low === "number" && typeof high === "number"
                  ? ` (${low.toFixed(3)} – ${high.toFixed(3)})`
                  : null}
              </span>
            ),
          },
          {
            key: "items",
            title: t("labelling.project.quantity"),
            align: "right",
            cell: ({ items }) => <span className="figure">{group(items)}</span>,
          },
        ]}
      />
      {of.more ? <p className="quiet small">{t("labelling.agreement.more")}</p> : null}
    </>
  );
}
