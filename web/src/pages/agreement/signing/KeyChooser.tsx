// A party's own key, kept in this page alone: chosen from a file or made new and saved to one.
import { Alert, Button, Form, Input, Select } from "antd";
import { useEffect, useState } from "react";

import { base64 } from "../../../format/bytes";
import { FileDrop } from "../../../parts/FileDrop";
import { Hash } from "../../../parts/figures";
import { save } from "../../../parts/save";
import { useWords } from "../../../words";
import {
  type Algorithm,
  ALGORITHMS,
  hasEd25519,
  isName,
  type KeyFile,
  KeyFileError,
  keyFileText,
  newKeyFile,
  readKeyFile,
  signingKey,
  type SigningKey,
} from "../model/keyfile";

/** `only`: the one algorithm that will do. */
export function KeyChooser({
  chosen,
  choose,
  only,
}: {
  chosen: SigningKey | null;
  choose: (key: SigningKey | null) => void;
  only?: Algorithm;
}) {
  const { t } = useWords();
  const [wrong, setWrong] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const [nameless, setNameless] = useState<KeyFile | null>(null);

  const fail = (error: unknown) => {
    const code = error instanceof KeyFileError ? error.code : "unsupported";
    setWrong(t(`agreement.key.${code}`));
  };
  const take = async (file: KeyFile) => {
    const key = await signingKey(file);
    if (only !== undefined && key.algorithm !== only) throw new KeyFileError("unsupported");
    setNameless(null);
    setMaking(false);
    choose(key);
  };
  const read = async (file: File) => {
    setWrong(null);
    try {
      const found = readKeyFile(await file.text());
      if (found.name === "") setNameless(found);
      else await take(found);
    } catch (error) {
      fail(error);
    }
  };
  const make = async ({ name, algorithm }: { name: string; algorithm: Algorithm }) => {
    setWrong(null);
    try {
      const file = await newKeyFile(name, only ?? algorithm);
      const ending = file.form === "pem" ? "pem" : "key";
      save(`${name.replace(/[^\w.-]+/g, "-")}.${ending}`, keyFileText(file), "text/plain");
      await take(file);
    } catch (error) {
      fail(error);
    }
  };

  if (chosen) {
    return (
      <p className="key-chosen">
        <strong>{chosen.name}</strong> {t(`agreement.key.algorithm.${chosen.algorithm}`)}{" "}
        <Hash value={base64(chosen.publicKey)} />{" "}
        <Button size="small" onClick={() => choose(null)}>
          {t("agreement.key.other")}
        </Button>
      </p>
    );
  }
  return (
    <div className="key-chooser">
      {wrong ? <Alert role="alert" type="error" showIcon title={wrong} /> : null}
      {nameless ? (
        <KeyForm
          label={t("agreement.key.use")}
          done={({ name }) => void take({ ...nameless, name }).catch(fail)}
        />
      ) : (
        <FileDrop
          label={t("agreement.key.choose")}
          hint={t("agreement.key.stays")}
          onFiles={([file]) => {
            if (file) void read(file);
          }}
        />
      )}
      {making ? (
        <KeyForm
          label={t("agreement.key.save")}
          {...(only === undefined ? { algorithms: ALGORITHMS } : {})}
          done={(made) => void make(made)}
        />
      ) : nameless ? null : (
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

interface Made {
  name: string;
  algorithm: Algorithm;
}

/** The name of a key, and how it shall sign where there is a choice. */
function KeyForm({
  label,
  algorithms,
  done,
}: {
  label: string;
  algorithms?: Algorithm[];
  done: (made: Made) => void;
}) {
  const { t } = useWords();
  const [form] = Form.useForm<Made>();
  const [lacks, setLacks] = useState(false);
  useEffect(() => {
    void hasEd25519().then((has) => {
      setLacks(!has);
      if (!has) form.setFieldValue("algorithm", "ecdsa-p256-sha256");
    });
  }, [form]);
  const named = (_: unknown, name: string | undefined) =>
    isName(name?.trim() ?? "")
      ? Promise.resolve()
      : Promise.reject(new Error(t("agreement.key.no_name")));
  return (
    <Form<Made>
      form={form}
      name="key-form"
      layout="inline"
      initialValues={{ algorithm: "ed25519" }}
      onFinish={({ name, algorithm }) => done({ name: name.trim(), algorithm })}
    >
      <Form.Item name="name" label={t("agreement.key.name")} rules={[{ validator: named }]}>
        <Input autoFocus placeholder="customer.example/li" />
      </Form.Item>
      {algorithms ? (
        <Form.Item name="algorithm" label={t("agreement.key.algorithm")}>
          <Select
            popupMatchSelectWidth={false}
            options={algorithms.map((value) => ({
              value,
              label: t(`agreement.key.algorithm.${value}`),
              disabled: value === "ed25519" && lacks,
            }))}
          />
        </Form.Item>
      ) : null}
      <Button htmlType="submit">{label}</Button>
    </Form>
  );
}
