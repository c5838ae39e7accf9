// The formats of labelled data, by the names that they have everywhere.

export const FORMATS = [
  ["coco", "COCO"],
  ["voc", "Pascal VOC"],
  ["yolo", "YOLO"],
  ["cvat", "CVAT XML"],
  ["label-studio", "Label Studio"],
  ["datumaro", "Datumaro"],
  ["activitynet", "ActivityNet"],
  ["csv", "CSV"],
  ["jsonl", "JSON lines"],
  ["parquet", "Parquet"],
  ["croissant", "Croissant"],
] as const;

export type FormatCode = (typeof FORMATS)[number][0];

export const FORMAT_OPTIONS = FORMATS.map(([value, label]) => ({ value, label }));

/** What is usual for a kind of items. */
export function usualFormat(modality: string): FormatCode {
  if (modality === "video") return "cvat";
  return modality === "text" ? "jsonl" : "coco";
}
