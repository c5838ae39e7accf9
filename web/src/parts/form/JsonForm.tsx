// A form made from a JSON schema: labels from the lexicon, an input that fits each type, a message
// at each field that is wrong. The value is the JSON itself.
import { Button, Input, Select, Switch } from "antd";
import { createContext, type ReactNode, useContext, useId, useMemo } from "react";

import type { FieldProblem } from "../../http/problem";
import { useWords } from "../../words";
import { ClauseLink } from "../ClauseLink";
import { FractionInput, HashInput, InstantInput, IntegerInput, MoneyInput } from "./inputs";
import { ask, blank, check, clausesOf, present, type Schema, type WrongCode } from "./schema";

export interface JsonFormProps {
  /** With its `$defs`. */
  schema: Schema;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Own messages are shown only once the person wanted to go on. */
  strict?: boolean;
  /** Of the server, by pointer. */
  problems?: FieldProblem[];
  /** Names that may be chosen, by property: {batch: ["lot-1"], item: [...]}. */
  suggest?: Record<string, string[]>;
  /** What the lexicon calls the properties; facts and actions have labels of their own. */
  family?: string;
  /** Properties that are given and not shown. */
  hide?: string[];
  /** The currency of the agreement. */
  currency?: string;
  disabled?: boolean;
}

interface Surroundings extends Omit<JsonFormProps, "schema" | "value" | "onChange"> {
  root: Schema;
  messages: Map<string, string>;
}

const FormContext = createContext<Surroundings | null>(null);

function useForm(): Surroundings {
  const found = useContext(FormContext);
  if (!found) throw new Error("no JsonForm above");
  return found;
}

/** The label of a property, by the family that the form was given. */
function useLabel(): (variant: string, property: string) => string {
  const { family } = useForm();
  const { label, known } = useWords();
  return (variant, property) =>
    (family === undefined ? null : known(family, property)) ?? label(variant, property);
}

const MESSAGE = {
  needed: "field.needed",
  id: "form.id",
  hash: "form.hash",
  number: "form.number",
  amount: "form.amount",
  instant: "form.instant",
  duration: "form.duration",
  order: "form.order",
} as const satisfies Record<WrongCode, string>;

export function JsonForm({ schema, value, onChange, ...rest }: JsonFormProps) {
  const { t } = useWords();
  const { strict, problems } = rest;
  const messages = useMemo(() => {
    const found = new Map<string, string>();
    if (strict) {
      for (const { pointer, code } of check(schema, schema, value))
        found.set(pointer, t(MESSAGE[code]));
    }
    for (const { pointer, detail } of problems ?? []) found.set(pointer, detail);
    return found;
  }, [schema, value, strict, problems, t]);
  const variant = tagOf(value);
  return (
    <FormContext value={{ ...rest, root: schema, messages }}>
      <div className="json-form">
        <Part
          schema={schema}
          value={value}
          onChange={onChange}
          pointer=""
          property=""
          variant={variant}
        />
      </div>
    </FormContext>
  );
}

/** The code by which labels may differ: of a fact or an action. */
function tagOf(value: unknown): string {
  const tagged = value as { fact?: unknown; do?: unknown } | null | undefined;
  const tag = tagged?.fact ?? tagged?.do;
  return typeof tag === "string" ? tag : "";
}

interface PartProps {
  schema: Schema;
  value: unknown;
  onChange: (value: unknown) => void;
  pointer: string;
  property: string;
  variant: string;
  id?: string;
}

/** Whatever the schema asks for at this place, without its label. */
function Part(props: PartProps): ReactNode {
  const { root, disabled, messages } = useForm();
  const { schema, value, onChange, property, id } = props;
  const asked = ask(schema, root, property);
  const words = useWords();
  switch (asked.of) {
    case "const":
      return null;
    case "object":
      return <Fields {...props} fields={asked.fields} />;
    case "variants":
      return <Variants {...props} asked={asked} />;
    case "array":
      return <Items {...props} items={asked.items} />;
    case "flag":
      return <Switch id={id} checked={value === true} onChange={onChange} disabled={disabled} />;
    case "choice":
      return (
        <Select
          id={id}
          allowClear={present(schema).nullable}
          status={messages.has(props.pointer) ? "error" : ""}
          disabled={disabled}
          showSearch={asked.codes.length > 8 ? { optionFilterProp: "label" } : false}
          value={value ?? null}
          onChange={(next) => onChange(next ?? undefined)}
          options={asked.codes.map((code) => ({
            value: code,
            label: words.code(asked.family, code),
          }))}
        />
      );
    default:
      return <Leaf {...props} asked={asked} />;
  }
}

function Leaf({
  value,
  onChange,
  property,
  id,
  asked,
  pointer,
}: PartProps & { asked: ReturnType<typeof ask> }) {
  const { suggest, currency, disabled, messages } = useForm();
  const wrong = messages.has(pointer);
  const shared = {
    id,
    disabled,
    ...(wrong ? { "aria-invalid": true as const, "aria-describedby": `${id}-wrong` } : {}),
  };
  if (asked.of === "money") {
    return (
      <MoneyInput {...shared} value={value} onChange={onChange} currency={currency ?? "CNY"} />
    );
  }
  if (asked.of === "fraction")
    return <FractionInput {...shared} value={value} onChange={onChange} />;
  if (asked.of === "integer") return <IntegerInput {...shared} value={value} onChange={onChange} />;
  const kind = asked.of === "text" ? asked.kind : "free";
  const text = typeof value === "string" ? value : "";
  if (kind === "hash") return <HashInput {...shared} value={text} onChange={onChange} />;
  if (kind === "instant") return <InstantInput {...shared} value={text} onChange={onChange} />;
  const names = suggest?.[property];
  return (
    <>
      <Input
        {...shared}
        type={kind === "day" ? "date" : "text"}
        list={names ? `${id}-names` : undefined}
        inputMode={kind === "decimal" || kind === "percent" ? "decimal" : undefined}
        placeholder={kind === "duration" ? "72h" : kind === "percent" ? "99.9%" : undefined}
        value={text}
        onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
      />
      {names ? (
        <datalist id={`${id}-names`}>
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      ) : null}
    </>
  );
}

function Fields({
  value,
  onChange,
  pointer,
  variant,
  fields,
}: PartProps & { fields: { name: string; schema: Schema; required: boolean }[] }) {
  const { root, hide } = useForm();
  const object = (value ?? {}) as Record<string, unknown>;
  return (
    <>
      {fields
        .filter(
          ({ name, schema }) => ask(schema, root, name).of !== "const" && !hide?.includes(name),
        )
        .map(({ name, schema, required }) => (
          <Field
            key={name}
            schema={schema}
            property={name}
            variant={variant}
            pointer={`${pointer}/${name}`}
            required={required && !present(schema).nullable}
            value={object[name]}
            onChange={(next) =>
              onChange({ ...object, [name]: required || given(next) ? next : undefined })
            }
          />
        ))}
    </>
  );
}

/** Whether anything at all was given: an optional group that was emptied is absent. */
function given(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.values(value).some(given);
  return value !== undefined && value !== null && value !== "";
}

function Field(props: PartProps & { required: boolean }) {
  const { schema, pointer, property, variant, required } = props;
  const { root, messages } = useForm();
  const { t } = useWords();
  const label = useLabel();
  const id = useId();
  const asked = ask(schema, root, property);
  const message = messages.get(pointer);
  const clauses = clausesOf(schema);
  const many = asked.of === "object" || asked.of === "variants" || asked.of === "array";
  const heading = (
    <>
      {label(variant, property)}
      {required ? null : <span className="quiet small"> {t("form.optional")}</span>}
    </>
  );
  const body = (
    <>
      <Part {...props} id={id} />
      {message ? (
        <p className="field-wrong" role="alert" id={`${id}-wrong`}>
          {message}
        </p>
      ) : null}
    </>
  );
  if (many) {
    return (
      <fieldset className="json-set">
        <legend>{heading}</legend>
        {body}
      </fieldset>
    );
  }
  return (
    <div className={message ? "json-field wrong" : "json-field"}>
      <div className="json-label">
        <label htmlFor={id}>{heading}</label>
        {clauses.map((clause) => (
          <ClauseLink key={clause} clause={clause} />
        ))}
      </div>
      {body}
    </div>
  );
}

function Variants({
  asked,
  ...props
}: PartProps & { asked: Extract<ReturnType<typeof ask>, { of: "variants" }> }) {
  const { root, disabled } = useForm();
  const { t, code } = useWords();
  const { value, onChange, id } = props;
  const chosen = (value as Record<string, unknown> | undefined)?.[asked.tag];
  const variant = asked.variants.find((item) => item.code === chosen);
  return (
    <>
      <Select
        id={id}
        className="variant"
        aria-label={t("form.kind")}
        placeholder={t("form.kind")}
        disabled={disabled}
        showSearch={{ optionFilterProp: "label" }}
        value={variant?.code ?? null}
        onChange={(next) => {
          const found = asked.variants.find((item) => item.code === next);
          if (found) onChange(blank(found.schema, root));
        }}
        options={asked.variants.map((item) => ({
          value: item.code,
          label: code(asked.family, item.code),
        }))}
      />
      {variant ? <Part {...props} schema={variant.schema} id={undefined} /> : null}
    </>
  );
}

function Items({
  value,
  onChange,
  pointer,
  property,
  variant,
  items,
}: PartProps & { items: Schema }) {
  const { root, disabled } = useForm();
  const { t } = useWords();
  const label = useLabel();
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  const set = (at: number, next: unknown) =>
    onChange(list.map((item, i) => (i === at ? next : item)));
  const plain = !["object", "variants"].includes(ask(items, root, property).of);
  return (
    <div className="json-items">
      {list.map((item, i) => (
        <div key={i} className={plain ? "json-item plain" : "json-item"}>
          <Item
            schema={items}
            value={item}
            onChange={(next) => set(i, next)}
            pointer={`${pointer}/${i}`}
            property={property}
            variant={variant}
            label={`${label(variant, property)} ${i + 1}`}
          />
          <Button
            size="small"
            type="text"
            danger
            disabled={disabled}
            aria-label={t("form.removeOf", { name: `${label(variant, property)} ${i + 1}` })}
            onClick={() => onChange(list.filter((_, at) => at !== i))}
          >
            {t("form.remove")}
          </Button>
        </div>
      ))}
      <Button
        size="small"
        disabled={disabled}
        onClick={() => onChange([...list, blank(items, root, property)])}
      >
        {t("form.add")}
      </Button>
    </div>
  );
}

function Item(props: PartProps & { label: string }) {
  const { messages } = useForm();
  const id = useId();
  const message = messages.get(props.pointer);
  return (
    <div className="json-item-body">
      <label className="unseen" htmlFor={id}>
        {props.label}
      </label>
      <Part {...props} id={id} />
      {message ? (
        <p className="field-wrong" role="alert">
          {message}
        </p>
      ) : null}
    </div>
  );
}
