// A complete agreement of each kind to start from: the ones that `tally new` writes.

export const KINDS = ["annotation", "training", "lease", "classification"] as const;
export type Kind = (typeof KINDS)[number];

type Loaded = Promise<{ default: string }>;
const LOAD: Record<Kind, () => Loaded> = {
  annotation: () => import("../../../../cases/agreements/annotation.toml?raw"),
  training: () => import("../../../../cases/agreements/training.toml?raw"),
  lease: () => import("../../../../cases/agreements/lease.toml?raw"),
  classification: () => import("../../../../cases/agreements/classification.toml?raw"),
};

export async function sampleOf(kind: Kind): Promise<string> {
  return (await LOAD[kind]()).default;
}
