import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "../../../modules/organization/map-file";
import { type Json, type Output, outputOfPlan } from "../../checks/sample-output";
import type { Edit } from "../../checks/small-output";
import { edit as editSource, planOf } from "../../stacks/small-organization";

/** A change that somebody asks a colleague to look at. */
export interface CorpusChange {
  /** Of its golden file as well. */
  readonly name: string;
  readonly edit: Edit;
  /** Files beside the JSON of stacks, after the change: `STACK/FILE`. @default none */
  readonly beside?: readonly string[];
}

/** The day of every review, and of every synthesis. */
export const today = "2026-11-22";

const folder = join(__dirname, "../../../config");

const sampleSources: readonly SourceFile[] = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".yaml"))
  .sort()
  .map((path) => ({ name: `config/${path}`, path, bytes: readFileSync(join(folder, path)) }));

/** The map that comes with this repository, synthesized. */
export const sample = outputOfPlan(planOf(sampleSources, today));

export const keyStack = "commercial.regulated.pci.pci-key-management";
export const userStack = "commercial.regulated.pci.payments-prod";
export const payments = { stack: keyStack, key: "payments_prod_us-east-1" } as const;
export const paymentsReplica = { stack: keyStack, key: "payments_prod_us-west-2" } as const;

/** `[FILE, FROM, TO]`: the first FROM of a file of the map. */
export type MapEdit = readonly [path: string, from: string, to: string];

/** The map, edited and synthesized anew. */
export function inMap(...edits: readonly MapEdit[]): Edit {
  return () => {
    const sources = edits.reduce<readonly SourceFile[]>(
      (edited, [path, from, to]) => editSource(edited, path, from, to),
      sampleSources,
    );
    return outputOfPlan(planOf(sources, today));
  };
}

/** One more entry at the end of a file of the map. */
export function moreInMap(path: string, text: string): Edit {
  return () => {
    const sources = sampleSources.map((source) =>
      source.path === path
        ? { ...source, bytes: new TextEncoder().encode(`${new TextDecoder().decode(source.bytes)}\n${text}\n`) }
        : source,
    );
    return outputOfPlan(planOf(sources, today));
  };
}

/** The JSON of one stack, edited by hand. */
export function inStack(stack: string, change: (json: Json) => void): Edit {
  return (output) => output.edit(stack, change);
}

export function inEveryStack(change: (json: Json) => void): Edit {
  return (output: Output) => [...output.texts.keys()].reduce((edited, stack) => edited.edit(stack, change), output);
}
