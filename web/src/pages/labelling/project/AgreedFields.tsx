// The fields of a form that say how many items are agreed, and until when.
import { Form, Input, InputNumber } from "antd";

import { useWords } from "../../../words";

export interface Agreed {
  quantity?: number | null;
  deadline?: string;
}

export function AgreedFields() {
  const { t } = useWords();
  return (
    <div className="field-row">
      <Form.Item
        name="quantity"
        label={t("labelling.settings.quantity")}
        extra={t("labelling.settings.extra.quantity")}
      >
        <InputNumber min={1} max={1_000_000_000} precision={0} />
      </Form.Item>
      <Form.Item
        name="deadline"
        label={t("labelling.project.deadline")}
        extra={t("labelling.settings.extra.deadline")}
      >
        <Input type="date" />
      </Form.Item>
    </div>
  );
}
