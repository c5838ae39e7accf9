// Changes a guideline: its classes with their colours and keys, and its pages in both languages.
import { Button, Form, Input, InputNumber, Select } from "antd";

import { classConflicts, keyMap, type Scope } from "../../../labelling/keys";
import type { ClassRule, Guideline, Kind } from "../../../labelling/types";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { Attributes } from "./Attributes";
import { attributesOf, examplesOf } from "./guidelineParts";
import { PageFields } from "./PageFields";

const KINDS: Kind[] = ["box", "class", "span", "event", "keyframe", "track"];
const OCCLUSIONS = ["visible", "whole", "skip"] as const;
const COLORS = ["#e4572e", "#2e86ab", "#f2c14e", "#6a994e", "#8f2d56", "#5f4bb6", "#1b998b"];

/** As the form has it: what may be empty is a text or `null`. */
interface Fields {
  title: Guideline["title"];
  classes: (Omit<ClassRule, "min_size" | "attributes"> & {
    width?: number | null;
    height?: number | null;
    attributes?: NonNullable<ClassRule["attributes"]>;
  })[];
  pages: NonNullable<Guideline["pages"]>;
}

function fields({ title, classes, pages }: Guideline): Fields {
  return {
    title,
    pages: pages ?? [],
    classes: classes.map(({ min_size, attributes, ...rule }) => ({
      occlusion: "visible",
      ...rule,
      width: min_size?.[0] ?? null,
      height: min_size?.[1] ?? null,
      ...(attributes ? { attributes } : {}),
    })),
  };
}

export function guidelineOf({ title, classes, pages }: Fields): Guideline {
  return {
    title,
    classes: classes.map(({ width, height, shortcut, value, attributes, ...rule }) => ({
      ...rule,
      ...(shortcut ? { shortcut: shortcut.toLowerCase() } : {}),
      ...(typeof value === "number" ? { value } : {}),
      ...(width || height ? { min_size: [width ?? 1, height ?? 1] } : {}),
      ...(attributes && attributes.length > 0 ? { attributes: attributesOf(attributes) } : {}),
    })),
    pages: pages.map(({ class: about, examples, ...page }) => ({
      ...page,
      ...(about ? { class: about } : {}),
      ...(examples && examples.length > 0 ? { examples: examplesOf(examples) } : {}),
    })),
  };
}

const OPEN: Scope[] = ["review", "video", "image", "text", "work"];

export function GuidelineEditor({
  guideline,
  picture,
  busy,
  problem,
  save,
  cancel,
}: {
  guideline: Guideline;
  picture?: ((item: number) => string) | undefined;
  busy: boolean;
  problem: unknown;
  save: (guideline: Guideline) => void;
  cancel: () => void;
}) {
  const { t } = useWords();
  const [form] = Form.useForm<Fields>();
  const classes = (Form.useWatch("classes", form) ?? []) as (ClassRule | undefined)[];
  const known = classes.filter((one) => one !== undefined);
  const clashes = classConflicts(known, keyMap(), OPEN);
  const needed = { required: true, message: t("field.needed") };
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={fields(guideline)}
      onFinish={(values) => save(guidelineOf({ ...fields(guideline), ...values }))}
      className="guideline-editor"
    >
      <div className="field-row">
        <Form.Item name={["title", "zh"]} label={t("labelling.guideline.titleZh")} rules={[needed]}>
          <Input lang="zh" maxLength={200} />
        </Form.Item>
        <Form.Item name={["title", "en"]} label={t("labelling.guideline.titleEn")} rules={[needed]}>
          <Input lang="en" maxLength={200} />
        </Form.Item>
      </div>
      <h3>{t("labelling.classes")}</h3>
      <Form.List name="classes">
        {(list, { add, remove }) => (
          <>
            {list.map(({ key, name }) => (
              <ClassFields
                key={key}
                at={name}
                needed={needed}
                clash={clashes.find((one) => one.class === known[name]?.id)?.key ?? null}
                remove={list.length > 1 ? () => remove(name) : null}
              />
            ))}
            <Button
              onClick={() =>
                add({
                  id: "",
                  name: { zh: "", en: "" },
                  color: COLORS[list.length % COLORS.length],
                  kinds: known[0]?.kinds ?? ["box"],
                  occlusion: "visible",
                })
              }
            >
              {t("labelling.guideline.addClass")}
            </Button>
          </>
        )}
      </Form.List>
      <h3>{t("labelling.guideline.pages")}</h3>
      <Form.List name="pages">
        {(list, { add, remove }) => (
          <>
            {list.map(({ key, name }) => (
              <PageFields
                key={key}
                at={name}
                needed={needed}
                classes={known}
                picture={picture}
                remove={() => remove(name)}
              />
            ))}
            <Button
              onClick={() =>
                add({
                  id: `page-${list.length + 1}`,
                  title: { zh: "", en: "" },
                  text: { zh: "", en: "" },
                })
              }
            >
              {t("labelling.guideline.addPage")}
            </Button>
          </>
        )}
      </Form.List>
      {problem ? <ProblemAlert problem={problem} /> : null}
      <div className="actions editor-end">
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("labelling.guideline.save")}
        </Button>
        <Button onClick={cancel}>{t("labelling.guideline.cancel")}</Button>
      </div>
    </Form>
  );
}

function ClassFields({
  at,
  needed,
  clash,
  remove,
}: {
  at: number;
  needed: { required: boolean; message: string };
  clash: string | null;
  remove: (() => void) | null;
}) {
  const { t } = useWords();
  return (
    <fieldset className="class-fields">
      <legend className="unseen">{t("labelling.class")}</legend>
      <Form.Item
        name={[at, "id"]}
        label={t("labelling.guideline.id")}
        rules={[needed, { pattern: /^[\w.-]+$/, message: t("labelling.guideline.idRule") }]}
      >
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name={[at, "name", "zh"]} label={t("labelling.guideline.nameZh")} rules={[needed]}>
        <Input lang="zh" maxLength={200} />
      </Form.Item>
      <Form.Item name={[at, "name", "en"]} label={t("labelling.guideline.nameEn")} rules={[needed]}>
        <Input lang="en" maxLength={200} />
      </Form.Item>
      <Form.Item name={[at, "color"]} label={t("labelling.guideline.color")}>
        <Input type="color" className="color" />
      </Form.Item>
      <Form.Item
        name={[at, "shortcut"]}
        label={t("labelling.guideline.key")}
        rules={[{ pattern: /^[a-z0-9]?$/i, message: t("labelling.guideline.keyRule") }]}
        {...(clash ? { extra: t("labelling.guideline.keyClash", { key: clash }) } : {})}
      >
        <Input maxLength={1} className="one-letter" />
      </Form.Item>
      <Form.Item name={[at, "kinds"]} label={t("labelling.guideline.kinds")} rules={[needed]}>
        <Select
          mode="multiple"
          options={KINDS.map((kind) => ({ value: kind, label: t(`labelling.kind.${kind}`) }))}
        />
      </Form.Item>
      <Form.Item name={[at, "width"]} label={t("labelling.guideline.width")}>
        <InputNumber min={1} max={100_000} precision={0} />
      </Form.Item>
      <Form.Item name={[at, "height"]} label={t("labelling.guideline.height")}>
        <InputNumber min={1} max={100_000} precision={0} />
      </Form.Item>
      <Form.Item name={[at, "occlusion"]} label={t("labelling.guideline.occlusion")}>
        <Select
          options={OCCLUSIONS.map((one) => ({
            value: one,
            label: t(`labelling.occlusion.${one}`),
          }))}
        />
      </Form.Item>
      <Form.Item name={[at, "value"]} label={t("labelling.guideline.value")}>
        <InputNumber min={-1000} max={1000} precision={0} />
      </Form.Item>
      <Attributes at={at} needed={needed} />
      {remove ? (
        <Button danger size="small" onClick={remove}>
          {t("labelling.guideline.remove")}
        </Button>
      ) : null}
    </fieldset>
  );
}
