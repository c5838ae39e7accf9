// Each party's half of the sampling seed: made and committed to before a delivery, revealed after
// it. The seed is made in the page and saved to a file; only its commitment is sent.
import { Alert, App, Button, Form, Input } from "antd";
import { useState } from "react";

import { useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { FileDrop } from "../../../parts/FileDrop";
import { Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { commitmentOf, newSeed, readSeed, seedFile } from "../model/seed";
import { save } from "../../../parts/save";

/** Commits to a new seed for a delivery; the file is saved before anything is recorded. */
function useCommit(done?: () => void) {
  const { t } = useWords();
  const { id, side } = useHere();
  const { message } = App.useApp();
  const path = at`/agreements/${id}`;
  const write = useWrite({
    stale: [path],
    done: () => {
      void message.success(t("agreement.done"));
      done?.();
    },
  });
  const commit = async (delivery: string) => {
    const seed = newSeed();
    const commitment = await commitmentOf(seed);
    save(seedFile(delivery, side ?? ""), `${seed}\n`, "text/plain");
    write.mutate({
      path: `${path}/facts`,
      body: { facts: [{ fact: "seed_committed", delivery, side, commitment }] },
    });
  };
  return { commit, write };
}

/** For a delivery that nothing was recorded of yet. */
export function CommitSection() {
  const { t } = useWords();
  const [form] = Form.useForm<{ delivery: string }>();
  const { commit, write } = useCommit(() => form.resetFields());
  return (
    <Section title={t("agreement.seeds")} lead={t("agreement.seeds.lead")}>
      <Form<{ delivery: string }>
        form={form}
        name="seed-form"
        layout="vertical"
        requiredMark={false}
        onFinish={({ delivery }) => void commit(delivery.trim())}
      >
        <div className="fields">
          <Form.Item
            name="delivery"
            label={t("agreement.delivery.name")}
            rules={[
              { required: true, pattern: /^[\w.:/-]{1,128}$/, message: t("agreement.id.wrong") },
            ]}
          >
            <Input autoComplete="off" />
          </Form.Item>
        </div>
        {write.error ? <ProblemAlert problem={write.error} /> : null}
        <Button htmlType="submit" loading={write.isPending}>
          {t("agreement.seed.commit")}
        </Button>
      </Form>
    </Section>
  );
}

/** For a delivery that waits for its next round. */
export function CommitButton({ delivery }: { delivery: string }) {
  const { t } = useWords();
  const { commit, write } = useCommit();
  return (
    <>
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <Button size="small" loading={write.isPending} onClick={() => void commit(delivery)}>
        {t("agreement.seed.commit")}
      </Button>
    </>
  );
}

/** Reveals the seed of a file; the server holds it against the commitment. */
export function Reveal({ delivery }: { delivery: string }) {
  const { t } = useWords();
  const { id, side } = useHere();
  const { message } = App.useApp();
  const [wrong, setWrong] = useState(false);
  const path = at`/agreements/${id}`;
  const write = useWrite({
    stale: [path],
    done: () => void message.success(t("agreement.done")),
  });
  const reveal = async (file: File) => {
    const seed = readSeed(await file.text());
    setWrong(seed === null);
    if (seed === null) return;
    write.mutate({
      path: `${path}/facts`,
      body: { facts: [{ fact: "seed_revealed", delivery, side, seed }] },
    });
  };
  return (
    <>
      {wrong ? (
        <Alert role="alert" type="error" showIcon title={t("agreement.seed.wrong")} />
      ) : null}
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <FileDrop
        label={t("agreement.seed.reveal")}
        hint={t("agreement.seed.reveal.hint", {
          name: seedFile(delivery, side ?? ""),
        })}
        busy={write.isPending}
        onFiles={([file]) => {
          if (file) void reveal(file);
        }}
      />
    </>
  );
}
