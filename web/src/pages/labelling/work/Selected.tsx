// What the selected label says beside its place: class, flags, attributes; and who said it.
import { Button, Checkbox, Input, InputNumber, Select } from "antd";

import type { AttributeRule, ClassRule, Label, Value } from "../../../labelling/types";
import type { Work } from "../../../labelling/work";
import { useWords } from "../../../words";
import { titleOf } from "./boxes";
import { useShown } from "./useWork";

const FLAGS = ["occluded", "truncated", "crowd"] as const;

export function Selected({
  work,
  classes,
  nameOf,
}: {
  work: Work;
  classes: readonly ClassRule[];
  /** The name of a person by the account that a label carries; nothing where it is not known. */
  nameOf?: (author: string) => string | null;
}) {
  const words = useWords();
  const { t } = words;
  useShown(work);
  const label = work.selected === null ? undefined : work.labels.get(work.selected);
  const author = label?.author ? nameOf?.(label.author) : null;
  if (!label) return <p className="quiet small selected-none">{t("labelling.noneSelected")}</p>;
  const rule = classes.find(({ id }) => id === label.class);
  const fitting = classes.filter(({ kinds }) => kinds.includes(label.kind));
  const edit = (change: Partial<Label>) =>
    work.put({ ...label, source: "person", ...change } as Label);
  return (
    <div className="selected">
      <label className="selected-field">
        <span>{t("labelling.class")}</span>
        <Select
          size="small"
          aria-label={t("labelling.class")}
          value={label.class}
          disabled={!work.mayLabel}
          options={fitting.map(({ id }) => ({ value: id, label: titleOf(classes, id, words) }))}
          onChange={(id) => edit({ class: id })}
        />
      </label>
      {label.kind === "box" ? (
        <div className="selected-flags">
          {FLAGS.map((flag) => (
            <Checkbox
              key={flag}
              checked={label[flag]}
              disabled={!work.mayLabel}
              onChange={({ target }) => edit({ [flag]: target.checked })}
            >
              {t(`labelling.flag.${flag}`)}
            </Checkbox>
          ))}
        </div>
      ) : null}
      {(rule?.attributes ?? []).map((one) => (
        <Attribute
          key={one.id}
          rule={one}
          value={label.attributes[one.id]}
          disabled={!work.mayLabel}
          set={(value) => edit({ attributes: withValue(label.attributes, one.id, value) })}
        />
      ))}
      <p className="quiet small selected-source">
        {t(`labelling.source.${label.source}`)}
        {author ? ` · ${author}` : null}
        {label.source !== "person" && work.mayLabel ? (
          <Button size="small" onClick={() => edit({})}>
            {t("labelling.confirm")}
          </Button>
        ) : null}
      </p>
    </div>
  );
}

function withValue(attributes: Label["attributes"], id: string, value: Value | null) {
  const { [id]: _was, ...rest } = attributes;
  return value === null || value === "" ? rest : { ...rest, [id]: value };
}

function Attribute({
  rule,
  value,
  disabled,
  set,
}: {
  rule: AttributeRule;
  value: Value | undefined;
  disabled: boolean;
  set: (value: Value | null) => void;
}) {
  const { pick } = useWords();
  const name = pick(rule.name) || rule.id;
  if (rule.kind === "flag") {
    return (
      <Checkbox
        checked={value === true}
        disabled={disabled}
        onChange={({ target }) => set(target.checked)}
      >
        {name}
      </Checkbox>
    );
  }
  return (
    <label className="selected-field">
      <span>
        {name}
        {rule.required ? <span aria-hidden="true"> *</span> : null}
      </span>
      {rule.kind === "select" ? (
        <Select
          size="small"
          aria-label={name}
          allowClear
          disabled={disabled}
          value={typeof value === "string" ? value : null}
          options={(rule.values ?? []).map((one) => ({
            value: one.id,
            label: pick(one.name) || one.id,
          }))}
          onChange={(next: string | undefined) => set(next ?? null)}
        />
      ) : rule.kind === "number" ? (
        <InputNumber
          size="small"
          aria-label={name}
          disabled={disabled}
          value={typeof value === "number" ? value : null}
          onChange={(next) => set(next)}
        />
      ) : (
        <Input
          size="small"
          aria-label={name}
          disabled={disabled}
          maxLength={500}
          defaultValue={typeof value === "string" ? value : ""}
          key={String(value)}
          onBlur={({ target }) => {
            if (target.value !== (value ?? "")) set(target.value);
          }}
        />
      )}
    </label>
  );
}
