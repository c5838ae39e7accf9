// The vendor's books of the agreement: each transaction with its postings, which add up to zero.
import { Day, Money } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { useWords } from "../../../words";
import { type Books, useAccount, useHere } from "../here";
import { ownName } from "../own";
import { isNegative, negated } from "../model/exact";

export default function Ledger() {
  const { t } = useWords();
  const { id } = useHere();
  const read = useAccount(id);
  return (
    <Section title={t("agreement.money.ledger")} lead={t("agreement.ledger.lead")} flush>
      <Loaded of={read} rows={8}>
        {({ books }) =>
          books && books.transactions.length > 0 ? (
            <Transactions of={books} />
          ) : (
            <EmptyState title={t("agreement.ledger.none")} />
          )
        }
      </Loaded>
    </Section>
  );
}

function Transactions({ of }: { of: Books }) {
  const words = useWords();
  const { t, code } = words;
  const booked = of.transactions.filter((one) => one.postings.length > 0);
  return (
    <div
      className="table-scroll"
      role="region"
      aria-label={t("agreement.money.ledger")}
      tabIndex={0}
    >
      <table className="table plain ledger">
        <caption className="unseen">{t("agreement.money.ledger")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("agreement.ledger.account")}</th>
            <th scope="col" className="right">
              {t("agreement.ledger.debit")}
            </th>
            <th scope="col" className="right">
              {t("agreement.ledger.credit")}
            </th>
          </tr>
        </thead>
        {booked.map((one) => (
          <tbody key={one.id}>
            <tr className="transaction">
              <th scope="rowgroup" colSpan={3}>
                <Day on={one.on} /> {code("transaction_kind", one.kind)}{" "}
                <code className="subject">{one.id}</code>
              </th>
            </tr>
            {one.postings.map((posting, i) => (
              <tr key={i}>
                <td className={isNegative(posting.amount) ? "credit-account" : undefined}>
                  {ownName("ledger.of", posting.account, words)}
                </td>
                <td className="right">
                  {isNegative(posting.amount) ? null : <Money value={posting.amount} />}
                </td>
                <td className="right">
                  {isNegative(posting.amount) ? <Money value={negated(posting.amount)} /> : null}
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
