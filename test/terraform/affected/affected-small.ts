import type { SourceFile } from "../../../modules/organization/map-file";
import { type AffectedStack, affectedStacks } from "../../../modules/terraform/affected/affected-stacks";
import type { ComparedOutput } from "../../../modules/terraform/affected/stack-files";
import { outputOfPlan } from "../../checks/sample-output";
import { planOf, smallSources } from "../../stacks/small-organization";

export type Texts = ReadonlyMap<string, string>;

/** The small organization, with rollouts in both zones. */
const rollouts = `corporate:
  templates:
    access-roles:
      waves:
        - {name: first, ous: [Workloads/Test]}
        - {name: rest, ous: [Workloads/Prod, Security]}
    key-events: {ous: [Workloads], archiveDays: 30}
health:
  templates:
    access-roles: {}
`;

function sources(): SourceFile[] {
  const pipelines = (account: string, role: string): string =>
    `  pipelines: {deploy: ["${account}:role/${role}Pipeline"], audit: ["${account}:role/${role}Reader"]}\n`;
  const withPipelines = smallSources().map((source) =>
    source.path === "zones.yaml"
      ? {
          ...source,
          bytes: new TextEncoder().encode(
            new TextDecoder()
              .decode(source.bytes)
              .replace("corporate:\n", `corporate:\n${pipelines("keys", "Key")}`)
              .replace("health:\n", `health:\n${pipelines("clinic", "Health")}`),
          ),
        }
      : source,
  );
  return [
    ...withPipelines,
    { name: "config/rollouts.yaml", path: "rollouts.yaml", bytes: new TextEncoder().encode(rollouts) },
  ];
}

/** A text of the map's file, and what stands there instead. */
export type MapEdit = readonly [path: string, from: string, to: string];

/** What the map gives after some edits; fails when one of them finds nothing to edit. */
export function textsAfter(...edits: readonly MapEdit[]): Texts {
  let edited = sources();
  for (const [path, from, to] of edits) {
    let found = false;
    edited = edited.map((source) => {
      if (source.path !== path) return source;
      const text = new TextDecoder().decode(source.bytes);
      found = text.includes(from);
      return { ...source, bytes: new TextEncoder().encode(text.replaceAll(from, to)) };
    });
    if (!found) throw new Error(`${path} does not have ${from}`);
  }
  return outputOfPlan(planOf(edited)).texts;
}

export function comparedTexts(texts: Texts, others: ReadonlyMap<string, Texts> = new Map()): ComparedOutput {
  return {
    stacks: [...texts.keys()],
    filesOf: (stack) => {
      const text = texts.get(stack);
      return {
        json: text === undefined ? undefined : Buffer.from(text),
        others: new Map([...(others.get(stack) ?? [])].map(([name, content]) => [name, Buffer.from(content)])),
      };
    },
  };
}

export function affected(before: Texts, after: Texts): AffectedStack[] {
  return affectedStacks(comparedTexts(before), comparedTexts(after));
}

/** `STACK: SUMMARY` of each. */
export function summaries(stacks: readonly AffectedStack[]): string[] {
  return stacks.map(({ stack, summary }) => `${stack}: ${summary}`);
}

/** `KIND ADDRESS TEXT` of each reason. */
export function reasonLines({ reasons }: AffectedStack): string[] {
  return reasons.map(({ kind, address, text }) => [kind, address, text].filter((part) => part !== "").join(" "));
}
