// A place for many files: dropped, chosen, or a whole folder.
import { type DragEvent, useId, useState } from "react";

import { droppedFiles } from "../labelling/upload";
import { useWords } from "../words";

export function FilesDrop({ busy, take }: { busy: boolean; take: (files: File[]) => void }) {
  const { t } = useWords();
  const [files, folder] = [useId(), useId()];
  const [over, setOver] = useState(false);
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!busy) void droppedFiles(event.dataTransfer.items).then(take);
  };
  return (
    <>
      <div
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <label htmlFor={files}>
          <span className="drop-label">{t("labelling.upload.drop")}</span>
          <span className="drop-choose">{t("file.choose")}</span>
        </label>
        <input
          id={files}
          type="file"
          multiple
          disabled={busy}
          onChange={({ target }) => {
            take([...(target.files ?? [])]);
            target.value = "";
          }}
        />
      </div>
      <p className="drop-folder">
        <label htmlFor={folder} className="drop-choose">
          {t("labelling.upload.folder")}
        </label>
        <input
          id={folder}
          className="unseen"
          type="file"
          // What React's types do not know yet.
          {...{ webkitdirectory: "" }}
          disabled={busy}
          onChange={({ target }) => {
            take([...(target.files ?? [])]);
            target.value = "";
          }}
        />
      </p>
    </>
  );
}
