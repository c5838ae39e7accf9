// Something that is shown once: a link, a key, recovery codes.
import { Modal } from "antd";

import { useWords } from "../words";
import { Copy } from "./Copy";

export function ShownOnce({
  title,
  lead,
  text,
  close,
}: {
  title: string;
  lead: string;
  text: string;
  close: () => void;
}) {
  const { t } = useWords();
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      onOk={close}
      okText={t("shown.kept")}
      cancelButtonProps={{ style: { display: "none" } }}
      mask={{ closable: false }}
    >
      <p>{lead}</p>
      <pre className="source">{text}</pre>
      <Copy text={text} />
    </Modal>
  );
}
