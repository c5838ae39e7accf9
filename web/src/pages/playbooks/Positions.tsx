// The positions of a playbook, clause by clause, in both languages.
import { Input } from "antd";
import { useId } from "react";

import type { PlaybookClause } from "../../parts/review/names";
import { useWords } from "../../words";
import { clauseIds, type Field, FIELDS, type Lang, textOf, withText } from "./toml";

const LANGS: Lang[] = ["zh", "en"];

export function Positions({
  of,
  toml,
  onChange,
}: {
  of: PlaybookClause[];
  toml: string;
  /** `null` where the playbook is not ours to change. */
  onChange: ((toml: string) => void) | null;
}) {
  const { pick } = useWords();
  return clauseIds(toml).map((clause, at) => (
    <details key={clause} className="section clause-positions" open={at === 0}>
      <summary>
        <code>{clause}</code> {pick(of.find(({ id }) => id === clause)?.title)}
      </summary>
      <div className="positions">
        {FIELDS.flatMap((field) =>
          LANGS.map((lang) => (
            <Position
              key={field + lang}
              field={field}
              lang={lang}
              value={textOf(toml, clause, field, lang)}
              onChange={
                onChange ? (text) => onChange(withText(toml, clause, field, lang, text)) : null
              }
            />
          )),
        )}
      </div>
    </details>
  ));
}

function Position({
  field,
  lang,
  value,
  onChange,
}: {
  field: Field;
  lang: Lang;
  value: string | null;
  onChange: ((text: string) => void) | null;
}) {
  const { t, code } = useWords();
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>
        {t(`playbook.field.${field}`)} <span className="quiet">{code("lang", lang)}</span>
      </label>
      <Input.TextArea
        id={id}
        lang={lang === "zh" ? "zh-CN" : "en"}
        autoSize={{ minRows: 2, maxRows: 12 }}
        value={value ?? ""}
        readOnly={onChange === null}
        disabled={value === null}
        placeholder={value === null ? t("playbook.inText") : undefined}
        onChange={(event) => onChange?.(event.target.value)}
      />
    </div>
  );
}
