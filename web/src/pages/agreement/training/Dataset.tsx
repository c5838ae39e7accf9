// A dataset: how many images by class and part, what is wrong with it, and its images.
import { Button, Checkbox, Select } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import type { DatasetDetail, DatasetImagesView, DatasetImageView } from "../../../api/types.gen";
import { size } from "../../../format/bytes";
import { group } from "../../../format/number";
import { useRead } from "../../../http/hooks";
import { address } from "../../../http/request";
import { Chart } from "../../../parts/Chart";
import { Hash, Instant } from "../../../parts/figures";
import { Facts, Loaded, Loading, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag, type Tone } from "../../../parts/StatusTag";
import { type Key, useWords } from "../../../words";
import { useAfter } from "../../labelling/project/useAfter";
import { useHere } from "../here";
import { datasetPath, trainingPage } from "./paths";

const PARTS = ["train", "validation", "test"] as const;
/** So many groups of images that look alike are shown. */
const GROUPS = 12;
/** A class with so many times the images of another is told. */
const UNEVEN = 10;

export function Dataset({ dataset }: { dataset: string }) {
  const { t } = useWords();
  const { id } = useHere();
  const path = datasetPath(id, dataset);
  const found = useRead<DatasetDetail>(path);
  return (
    <>
      <p>
        <Link to={trainingPage(id)}>← {t("training.back")}</Link>
      </p>
      <Loaded of={found} rows={8}>
        {(data) => (
          <>
            <Head of={data} />
            <Problems of={data} path={path} />
            <Images of={data} path={path} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Head({ of }: { of: DatasetDetail }) {
  const { t, code } = useWords();
  const parts = PARTS.filter((part) => of.classes.some((row) => row[part] > 0));
  return (
    <Section title={of.name} lead={of.origin || undefined}>
      <div className="project-facts">
        <Facts
          items={[
            [t("training.purpose"), t(`training.purpose.${of.purpose}`)],
            [t("training.test.images"), `${group(of.images)} · ${size(of.bytes)}`],
            [t("training.classes"), group(of.classes.length)],
            [t("training.licence"), of.licence || "–"],
            [t("labelling.upload.personal"), t(`labelling.upload.personal.${of.personal_data}`)],
            [t("training.consent"), of.consents.join("; ") || "–"],
            [t("training.by"), code("side", of.side)],
            [t("training.at"), <Instant key="at" at={of.at} />],
            ["SHA-256", <Hash key="h" value={of.digest} />],
          ]}
        />
      </div>
      <Chart
        label={t("training.dataset.chart")}
        height={Math.max(150, 70 + of.classes.length * 26)}
        option={{
          grid: { left: 8, right: 24, top: 34, bottom: 8, containLabel: true },
          legend: {},
          tooltip: { trigger: "axis" },
          xAxis: { type: "value" },
          yAxis: {
            type: "category",
            inverse: true,
            data: of.classes.map((row) => row.class),
            axisLabel: { width: 130, overflow: "truncate" },
          },
          series: parts.map((part) => ({
            type: "bar",
            stack: "images",
            barMaxWidth: 18,
            name: t(`training.part.${part}`),
            data: of.classes.map((row) => row[part]),
          })),
        }}
        table={[
          [t("training.class"), ...parts.map((part) => t(`training.part.${part}`))],
          ...of.classes.map((row) => [row.class, ...parts.map((part) => group(row[part]))]),
        ]}
      />
    </Section>
  );
}

function Problems({ of, path }: { of: DatasetDetail; path: string }) {
  const { t } = useWords();
  const { refused, duplicates, near } = of.report;
  const counts = of.classes.map((row) => row.train + row.validation + row.test);
  const uneven = Math.max(...counts) > UNEVEN * Math.min(...counts);
  const all: [Tone, string][] = [];
  const tell = (count: number, tone: Tone, key: Key) => {
    if (count > 0) all.push([tone, t(key, { count: group(count) })]);
  };
  tell(refused.length, "warn", "training.problem.refused");
  tell(of.leaks.length, "bad", "training.problem.leaks");
  tell(of.conflicts.length, "bad", "training.problem.conflicts");
  tell(duplicates.length, "info", "training.problem.duplicates");
  tell(near.length, "info", "training.problem.near");
  if (uneven) all.push(["warn", t("training.problem.uneven")]);
  const named = [...of.leaks, ...of.conflicts];
  const shown = (named.length > 0 ? named : near).slice(0, GROUPS);
  return (
    <Section title={t("training.problems")} flush>
      {all.length === 0 ? (
        <p className="padded">{t("training.problems.none")}</p>
      ) : (
        <ul className="found-list">
          {all.map(([tone, text]) => (
            <li key={text}>
              <StatusTag code={tone} tone={tone}>
                {text}
              </StatusTag>
            </li>
          ))}
        </ul>
      )}
      {refused.length > 0 ? (
        <details className="padded">
          <summary>{t("training.problem.which")}</summary>
          <ul>
            {refused.slice(0, 200).map(({ name, code, byte }) => (
              <li key={`${name} ${code}`}>
                <code>{name}</code> {code}
                {typeof byte === "number" ? ` (${t("training.byte", { byte })})` : ""}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {shown.length > 0 ? (
        <div className="groups">
          {shown.map((names) => (
            <div key={names.join(" ")} className="group-row">
              {names.slice(0, 8).map((name) => (
                <Picture key={name} path={path} name={name} />
              ))}
            </div>
          ))}
        </div>
      ) : null}
    </Section>
  );
}

export function Picture({
  path,
  name,
  children,
}: {
  path: string;
  name: string;
  children?: React.ReactNode;
}) {
  return (
    <figure className="picture">
      <img src={address(`${path}/picture`, { name })} alt={name} loading="lazy" />
      <figcaption>
        <span className="name" title={name}>
          {name}
        </span>
        {children}
      </figcaption>
    </figure>
  );
}

const SAID: Record<string, [Tone, Key]> = {
  leak: ["bad", "training.image.leak"],
  conflict: ["bad", "training.image.conflict"],
  alike: ["info", "training.image.alike"],
};

function Images({ of, path }: { of: DatasetDetail; path: string }) {
  const { t } = useWords();
  const [wanted, setWanted] = useState<{ class?: string; part?: string; problems?: boolean }>({});
  const found = useAfter<DatasetImagesView>(`${path}/images`, wanted);
  const pages = found.data?.pages ?? [];
  const images: DatasetImageView[] = pages.flatMap((page) => page.images);
  const any = t("training.any");
  return (
    <Section title={t("training.dataset.images")} flush>
      <div className="picture-filters">
        <Select
          aria-label={t("training.class")}
          value={wanted.class ?? ""}
          onChange={(value) => setWanted((was) => ({ ...was, class: value }))}
          options={[
            { value: "", label: `${t("training.class")}: ${any}` },
            ...of.classes.map((row) => ({ value: row.class, label: row.class })),
          ]}
        />
        <Select
          aria-label={t("training.part")}
          value={wanted.part ?? ""}
          onChange={(value) => setWanted((was) => ({ ...was, part: value }))}
          options={[
            { value: "", label: `${t("training.part")}: ${any}` },
            ...PARTS.map((part) => ({ value: part, label: t(`training.part.${part}`) })),
          ]}
        />
        <Checkbox
          checked={wanted.problems ?? false}
          onChange={({ target }) => setWanted((was) => ({ ...was, problems: target.checked }))}
        >
          {t("training.problems.only")}
        </Checkbox>
        <span className="quiet">
          {t("training.images", { count: group(pages[0]?.total ?? 0) })}
        </span>
      </div>
      {found.error ? <ProblemAlert problem={found.error} /> : null}
      {found.isPending ? <Loading /> : null}
      <div className="pictures">
        {images.map((image) => (
          <Picture key={image.number} path={path} name={image.name}>
            {image.problems.map((code) => {
              const said = SAID[code];
              return (
                <StatusTag key={code} code={code} tone={said?.[0] ?? "warn"}>
                  {said ? t(said[1]) : code}
                </StatusTag>
              );
            })}
          </Picture>
        ))}
      </div>
      {found.hasNextPage ? (
        <div className="more">
          <Button onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
            {t("more")}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}
