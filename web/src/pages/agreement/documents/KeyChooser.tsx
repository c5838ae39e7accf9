// A party's own key, kept in this page alone: chosen from a file or made new and saved to one.
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";

import { base64 } from "../../../format/bytes";
import { FileDrop } from "../../../parts/FileDrop";
import { Hash } from "../../../parts/figures";
import { useWords } from "../../../words";
import {
  isName,
  KeyFileError,
  keyFileText,
  newKeyFile,
  readKeyFile,
  signingKey,
  type SigningKey,
} from "../model/keyfile";
import { save } from "../../../parts/save";

export function KeyChooser({
  chosen,
  choose,
}: {
  chosen: SigningKey | null;
  choose: (key: SigningKey | null) => void;
}) {
  const { t } = useWords();
  const [wrong, setWrong] = useState<string | null>(null);
  const [making, setMaking] = useState(false);

  const fail = (error: unknown) => {
    if (error instanceof KeyFileError) setWrong(t(`agreement.key.${error.code}`));
    else setWrong(t("agreement.key.unsupported"));
  };
  const read = async (file: File) => {
    setWrong(null);
    try {
      choose(await signingKey(readKeyFile(await file.text())));
    } catch (error) {
      fail(error);
    }
  };
  const make = async (name: string) => {
    setWrong(null);
    try {
      const file = newKeyFile(name);
      const key = await signingKey(file);
      save(`${name.replace(/[^\w.-]+/g, "-")}.key`, keyFileText(file), "application/json");
      choose(key);
      setMaking(false);
    } catch (error) {
      fail(error);
    }
  };

  if (chosen) {
    return (
      <p className="key-chosen">
        <strong>{chosen.name}</strong> <Hash value={base64(chosen.publicKey)} />{" "}
        <Button size="small" onClick={() => choose(null)}>
          {t("agreement.key.other")}
        </Button>
      </p>
    );
  }
  return (
    <div className="key-chooser">
      {wrong ? <Alert role="alert" type="error" showIcon title={wrong} /> : null}
      <FileDrop
        label={t("agreement.key.choose")}
        hint={t("agreement.key.stays")}
        onFiles={([file]) => {
          if (file) void read(file);
        }}
      />
      {making ? (
        <Form
          name="key-form"
          layout="inline"
          onFinish={({ name }: { name: string }) => void make(name.trim())}
        >
          <Form.Item
            name="name"
            label={t("agreement.key.name")}
            rules={[
              {
                validator: (_, name: string | undefined) =>
                  isName(name?.trim() ?? "")
                    ? Promise.resolve()
                    : Promise.reject(new Error(t("agreement.key.no_name"))),
              },
            ]}
          >
            <Input autoFocus placeholder="customer.example/li" />
          </Form.Item>
          <Button htmlType="submit">{t("agreement.key.save")}</Button>
        </Form>
      ) : (
        <p className="small">
          {t("agreement.key.none")}{" "}
          <Button size="small" onClick={() => setMaking(true)}>
            {t("agreement.key.make")}
          </Button>
        </p>
      )}
    </div>
  );
}
