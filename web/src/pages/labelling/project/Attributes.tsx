// What else a label of a class says: a choice of values, a text, a number or a flag.
import { Button, Checkbox, Form, Input, Select } from "antd";

import type { AttributeKind } from "../../../labelling/types";
import { useWords } from "../../../words";

const KINDS: AttributeKind[] = ["select", "text", "number", "flag"];

interface Needed {
  required: boolean;
  message: string;
}

export function Attributes({ at, needed }: { at: number; needed: Needed }) {
  const { t } = useWords();
  return (
    <div className="attribute-list">
      <Form.List name={[at, "attributes"]}>
        {(list, { add, remove }) => (
          <>
            {list.map(({ key, name }) => (
              <Attribute
                key={key}
                path={["classes", at, "attributes", name]}
                at={name}
                needed={needed}
                remove={() => remove(name)}
              />
            ))}
            <Button
              size="small"
              onClick={() => add({ id: "", name: { zh: "", en: "" }, kind: "select", values: [] })}
            >
              {t("labelling.attribute.add")}
            </Button>
          </>
        )}
      </Form.List>
    </div>
  );
}

function Attribute({
  path,
  at,
  needed,
  remove,
}: {
  path: (string | number)[];
  at: number;
  needed: Needed;
  remove: () => void;
}) {
  const { t } = useWords();
  const form = Form.useFormInstance();
  const kind: unknown = Form.useWatch([...path, "kind"], form);
  return (
    <fieldset className="attribute-fields">
      <legend>{t("labelling.attribute")}</legend>
      <Id at={at} needed={needed} />
      <Names at={at} needed={needed} />
      <Form.Item name={[at, "kind"]} label={t("labelling.attribute.kind")}>
        <Select
          options={KINDS.map((value) => ({ value, label: t(`labelling.attributeKind.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name={[at, "required"]} valuePropName="checked" label=" " colon={false}>
        <Checkbox>{t("labelling.attribute.required")}</Checkbox>
      </Form.Item>
      <Button danger size="small" onClick={remove}>
        {t("labelling.guideline.remove")}
      </Button>
      {kind === "select" ? <Values at={at} needed={needed} /> : null}
    </fieldset>
  );
}

function Values({ at, needed }: { at: number; needed: Needed }) {
  const { t } = useWords();
  return (
    <div className="value-list">
      <Form.List
        name={[at, "values"]}
        rules={[
          {
            validator: (_rule, values?: unknown[]) =>
              values && values.length > 0
                ? Promise.resolve()
                : Promise.reject(new Error(t("labelling.attribute.noValues"))),
          },
        ]}
      >
        {(list, { add, remove }, { errors }) => (
          <>
            {list.map(({ key, name }) => (
              <div key={key} className="value-fields">
                <Id at={name} needed={needed} />
                <Names at={name} needed={needed} />
                <Button
                  danger
                  size="small"
                  aria-label={t("labelling.attribute.removeValue", { at: name + 1 })}
                  onClick={() => remove(name)}
                >
                  {t("labelling.guideline.remove")}
                </Button>
              </div>
            ))}
            <Form.ErrorList errors={errors} />
            <Button size="small" onClick={() => add({ id: "", name: { zh: "", en: "" } })}>
              {t("labelling.attribute.addValue")}
            </Button>
          </>
        )}
      </Form.List>
    </div>
  );
}

function Id({ at, needed }: { at: number; needed: Needed }) {
  const { t } = useWords();
  return (
    <Form.Item
      name={[at, "id"]}
      label={t("labelling.guideline.id")}
      rules={[needed, { pattern: /^[\w.-]+$/, message: t("labelling.guideline.idRule") }]}
    >
      <Input maxLength={64} />
    </Form.Item>
  );
}

function Names({ at, needed }: { at: number; needed: Needed }) {
  const { t } = useWords();
  return (
    <>
      <Form.Item name={[at, "name", "zh"]} label={t("labelling.guideline.nameZh")} rules={[needed]}>
        <Input lang="zh" maxLength={200} />
      </Form.Item>
      <Form.Item name={[at, "name", "en"]} label={t("labelling.guideline.nameEn")} rules={[needed]}>
        <Input lang="en" maxLength={200} />
      </Form.Item>
    </>
  );
}
