// A page of the guideline in both languages, about all or one class, with examples of right and wrong.
import { Button, Form, Input, InputNumber, Radio, Select } from "antd";

import type { ClassRule } from "../../../labelling/types";
import { useWords } from "../../../words";

interface Needed {
  required: boolean;
  message: string;
}

export function PageFields({
  at,
  needed,
  classes,
  picture,
  remove,
}: {
  at: number;
  needed: Needed;
  classes: readonly ClassRule[];
  picture?: ((item: number) => string) | undefined;
  remove: () => void;
}) {
  const { t, pick } = useWords();
  return (
    <fieldset className="page-fields">
      <legend className="unseen">{t("labelling.guideline.pages")}</legend>
      <Form.Item name={[at, "id"]} hidden>
        <Input />
      </Form.Item>
      <div className="field-row">
        <Form.Item
          name={[at, "title", "zh"]}
          label={t("labelling.guideline.titleZh")}
          rules={[needed]}
        >
          <Input lang="zh" maxLength={200} />
        </Form.Item>
        <Form.Item
          name={[at, "title", "en"]}
          label={t("labelling.guideline.titleEn")}
          rules={[needed]}
        >
          <Input lang="en" maxLength={200} />
        </Form.Item>
        <Form.Item name={[at, "class"]} label={t("labelling.page.about")}>
          <Select
            allowClear
            placeholder={t("labelling.page.aboutAll")}
            options={classes
              .filter(({ id }) => id)
              .map((rule) => ({ value: rule.id, label: pick(rule.name) || rule.id }))}
          />
        </Form.Item>
      </div>
      <div className="field-row">
        <Form.Item name={[at, "text", "zh"]} label={t("labelling.guideline.textZh")}>
          <Input.TextArea lang="zh" rows={5} />
        </Form.Item>
        <Form.Item name={[at, "text", "en"]} label={t("labelling.guideline.textEn")}>
          <Input.TextArea lang="en" rows={5} />
        </Form.Item>
      </div>
      <Form.List name={[at, "examples"]}>
        {(list, { add, remove: leave }) => (
          <>
            {list.map(({ key, name }) => (
              <Example
                key={key}
                path={["pages", at, "examples", name]}
                at={name}
                picture={picture}
                remove={() => leave(name)}
              />
            ))}
            <Button
              size="small"
              onClick={() => add({ item: null, good: true, note: { zh: "", en: "" } })}
            >
              {t("labelling.example.add")}
            </Button>
          </>
        )}
      </Form.List>
      <Button danger size="small" onClick={remove} className="page-remove">
        {t("labelling.page.remove")}
      </Button>
    </fieldset>
  );
}

function Example({
  path,
  at,
  picture,
  remove,
}: {
  path: (string | number)[];
  at: number;
  picture?: ((item: number) => string) | undefined;
  remove: () => void;
}) {
  const { t } = useWords();
  const form = Form.useFormInstance();
  const item: unknown = Form.useWatch([...path, "item"], form);
  return (
    <fieldset className="example-fields">
      <legend>{t("labelling.example")}</legend>
      {picture && typeof item === "number" ? (
        // A number that no item has leaves the place empty.
        <img key={item} src={picture(item)} alt="" width={72} height={54} />
      ) : null}
      <Form.Item name={[at, "item"]} label={t("labelling.example.item")}>
        <InputNumber min={1} max={999_999_999} precision={0} />
      </Form.Item>
      <Form.Item name={[at, "good"]} label={t("labelling.example.is")}>
        <Radio.Group
          options={[
            { value: true, label: t("labelling.example.good") },
            { value: false, label: t("labelling.example.bad") },
          ]}
        />
      </Form.Item>
      <Form.Item name={[at, "note", "zh"]} label={t("labelling.example.noteZh")}>
        <Input lang="zh" maxLength={1000} />
      </Form.Item>
      <Form.Item name={[at, "note", "en"]} label={t("labelling.example.noteEn")}>
        <Input lang="en" maxLength={1000} />
      </Form.Item>
      <Button danger size="small" onClick={remove}>
        {t("labelling.guideline.remove")}
      </Button>
    </fieldset>
  );
}
