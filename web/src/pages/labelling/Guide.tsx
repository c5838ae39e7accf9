// The guideline as people read it beside their work: classes with their colours and rules, pages.
import type { ClassRule, Guideline } from "../../labelling/types";
import { useWords } from "../../words";
import { Markdown } from "./Markdown";

export function Guide({
  guideline,
  version,
  picture,
}: {
  guideline: Guideline;
  version?: number;
  /** The address of an item's small picture; none where items have no pictures. */
  picture?: ((item: number) => string) | undefined;
}) {
  const { t, pick } = useWords();
  return (
    <div className="guide">
      <p className="strong">
        {pick(guideline.title)}{" "}
        {version === undefined ? null : (
          <span className="quiet small">{t("labelling.version", { version })}</span>
        )}
      </p>
      <ul className="guide-classes">
        {guideline.classes.map((rule) => (
          <li key={rule.id}>
            <span className="swatch" style={{ background: rule.color }} aria-hidden="true" />
            <div>
              {pick(rule.name) || rule.id}
              <Rules rule={rule} />
            </div>
          </li>
        ))}
      </ul>
      {(guideline.pages ?? []).map((page) => (
        <section key={page.id}>
          <h3>{pick(page.title)}</h3>
          <Markdown text={pick(page.text)} />
          {(page.examples ?? []).map((example, at) => (
            <div key={at} className={example.good ? "example good" : "example bad"}>
              {picture && example.item ? (
                <img src={picture(example.item)} alt="" loading="lazy" width={96} />
              ) : null}
              <p>
                <strong>{t(example.good ? "labelling.right" : "labelling.wrong")}</strong>{" "}
                {pick(example.note)}
              </p>
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

function Rules({ rule }: { rule: ClassRule }) {
  const { t, pick } = useWords();
  const said = [];
  const [width, height] = rule.min_size ?? [];
  if (width !== undefined && height !== undefined) {
    said.push(t("labelling.minSize", { width, height }));
  }
  if (rule.kinds.includes("box") || rule.kinds.includes("track")) {
    said.push(t(`labelling.occlusion.${rule.occlusion ?? "visible"}`));
  }
  if (typeof rule.value === "number") {
    said.push(t("labelling.scale", { value: rule.value > 0 ? `+${rule.value}` : rule.value }));
  }
  for (const attribute of rule.attributes ?? []) {
    const values = (attribute.values ?? []).map(({ name }) => pick(name)).join(" / ");
    said.push(values === "" ? pick(attribute.name) : `${pick(attribute.name)}: ${values}`);
  }
  return said.length > 0 ? <p className="quiet small">{said.join(" · ")}</p> : null;
}
