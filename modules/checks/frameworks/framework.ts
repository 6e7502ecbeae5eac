import type { CheckId } from "../../findings/check-ids";
import type { FrameworkId } from "../../findings/framework-ids";

/** What a framework asks of cryptographic keys and of access to them, and which checks answer it. */
export interface Framework {
  readonly id: FrameworkId;
  readonly name: string;
  readonly version: string;
  /** Where the framework itself is to be had. */
  readonly source: string;
  readonly controls: readonly Control[];
}

export interface Control {
  /** The framework's own number: `3.7.4`, `SC-12(1)`. */
  readonly id: string;
  /** What it asks, in our words: the framework's own text is what counts. */
  readonly title: string;
  /** Its numbers in other versions that are in use. */
  readonly elsewhere?: string;
  readonly coverage: Coverage;
}

/** What these checks say of a control, for the keys of the synthesized stacks and no others. */
export type Coverage =
  /** They answer all of it. */
  | { readonly by: readonly CheckId[]; readonly note?: string }
  /** They answer a part. */
  | { readonly partly: readonly CheckId[]; readonly missing: string }
  /** Why not, and who does. */
  | { readonly nothing: string };

/** The checks that a control rests on. */
export function checksOf({ coverage }: Control): readonly CheckId[] {
  if ("by" in coverage) return coverage.by;
  return "partly" in coverage ? coverage.partly : [];
}
