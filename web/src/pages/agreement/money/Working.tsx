// How a figure came about: formula, exact inputs, the one rounding. All of it can be recomputed.
import { useWords, type Words } from "../../../words";
import { exact, inputValue } from "../model/exact";
import { pieces } from "../model/working";
import type { Rounding, Working } from "../types";

/** The name of an input: `tier_2_units` is the second tier's units. */
export function inputName(name: string, { t, code }: Words): string {
  const [, number, what] = /^(?:part|row|tier)_(\d+)(?:_(\w+))?$/.exec(name) ?? [];
  if (number === undefined) return code("input", name);
  if (name.startsWith("part_")) return t("agreement.input.part", { number });
  if (name.startsWith("row_")) return t("agreement.input.row", { number });
  return t("agreement.input.tier", { number, what: code("input", what ?? "") });
}

/** `half up, 2 places`. */
export function roundingName(rounding: Rounding | null, { t, code }: Words): string {
  if (rounding === null) return t("agreement.rounding.none");
  return t("agreement.rounding", {
    mode: code("rounding_mode", rounding.mode),
    places: rounding.scale,
  });
}

export function WorkingView({ of, amount }: { of: Working; amount?: string }) {
  const words = useWords();
  const { t, code } = words;
  const unit = (name: string) =>
    /^[A-Z]{3}$/.test(name) ? name : name === "percent" ? "%" : code("unit", name);
  return (
    <div className="working">
      <p className="formula" aria-label={t("agreement.formula")}>
        <span aria-hidden="true">= </span>
        {pieces(of).map((piece, i) =>
          piece.input ? (
            <span key={i} className="formula-input" title={piece.text}>
              {inputName(piece.text, words)}
            </span>
          ) : (
            <span key={i}>{piece.text.replaceAll("*", "×").replaceAll("/", "÷")}</span>
          ),
        )}
      </p>
      <table className="inputs">
        <caption className="unseen">{t("agreement.inputs")}</caption>
        <tbody>
          {of.inputs.map((input) => (
            <tr key={input.name}>
              <th scope="row">
                {inputName(input.name, words)} <code className="quiet">{input.name}</code>
              </th>
              <td className="right figure">{inputValue(input.value)}</td>
              <td>{unit(input.unit)}</td>
            </tr>
          ))}
          <tr className="result">
            <th scope="row">{t("agreement.exact")}</th>
            <td className="right figure">{exact(of.exact)}</td>
            <td className="quiet">
              {roundingName(of.rounding, words)}
              {amount ? <span className="figure"> → {amount}</span> : null}
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
