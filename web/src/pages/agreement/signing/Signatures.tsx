// Who has signed, with which key.
import { Hash } from "../../../parts/figures";
import { Section } from "../../../parts/Page";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";

export function Signatures() {
  const { t, code } = useWords();
  const { head } = useHere();
  return (
    <Section title={t("agreement.signatures")}>
      <ul className="signatures">
        {(["customer", "vendor"] as const).map((side) => {
          const one = head.signed.find((row) => row.side === side);
          return (
            <li key={side}>
              <StatusTag code={one ? "verified" : "pending"}>
                {one ? t("agreement.signed") : t("agreement.not_signed")}
              </StatusTag>
              <strong>{code("side", side)}</strong>
              {one ? (
                <span>
                  {one.signatory} <Hash value={one.key} />
                </span>
              ) : null}
            </li>
          );
        })}
      </ul>
      <p className="small quiet">
        {t("agreement.terms.hash")} <Hash value={head.terms_sha256} />
      </p>
    </Section>
  );
}
