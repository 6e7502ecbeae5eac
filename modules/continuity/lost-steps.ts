import type { KeyMetadata } from "../access/synthesized-stack";
import { isLetGo, type KeyStep } from "../aws/key-step";
import { namesLine } from "./kept-alias";
import { decommissionLine, lifecycleLines, partsOf, scheduledLine } from "./lifecycle-lines";
import type { Refusal } from "./refusal";
import type { StackRecord } from "./stack-record";

/** Where a key may be next, besides where it is. What is let go comes back by being taken over, and that alone. */
const next: Readonly<Record<KeyStep, readonly KeyStep[]>> = {
  "in-use": ["disabled", "handed-over"],
  disabled: ["in-use", "scheduled", "handed-over"],
  scheduled: ["gone"],
  gone: [],
  "handed-over": [],
};

/** A key or replica, and where it was and is in its life; `is` is undefined for what the new output does not know. */
interface Change {
  /** `payments_prod_us-east-1` */
  readonly id: string;
  readonly primary: string;
  /** A replica's Region. */
  readonly replica: string | undefined;
  readonly was: KeyStep | undefined;
  readonly is: KeyStep | undefined;
  readonly sources: readonly string[];
}

/**
 * Steps of a key's life that are skipped or go backwards. A key that is in no output any more has ended when it was gone or
 * somebody else's: before that its removed block may never have been applied.
 */
export function lostSteps(before: StackRecord, after: StackRecord | undefined): Refusal[] {
  return [...before.metadata].flatMap(([primary, { step, replicaSteps, sources }]): Refusal[] => {
    const now = after?.metadata.get(primary);
    const ofKey = refuse(
      { id: primary, primary, replica: undefined, was: step, is: now?.step, sources },
      before,
      after,
    );
    // Replicas go where their primary goes.
    if (ofKey !== undefined) return [ofKey];
    const regions = new Set([...replicaSteps.keys(), ...(now?.replicaSteps.keys() ?? [])]);
    return [...regions].flatMap((replica) => {
      const was = replicaSteps.has(replica) ? replicaSteps.get(replica) : "in-use";
      const is = now === undefined ? undefined : replicaStep(replica, now, after);
      // It went along; what Terraform has let go does not come back with its primary.
      if (was === step && is === now?.step && !(isGone(was) && !isGone(is))) return [];
      const id = `${partsOf(primary).identity}_${replica}`;
      return refuse({ id, primary, replica, was, is, sources }, before, after) ?? [];
    });
  });
}

/** Undefined where the map does not ask for the replica any more. */
function replicaStep(region: string, primary: KeyMetadata, after: StackRecord | undefined): KeyStep | undefined {
  if (primary.replicaSteps.has(region)) return primary.replicaSteps.get(region);
  const replicas = [...(after?.keys.values() ?? [])].filter(
    ({ kind, metadata }) => kind === "replica" && metadata === primary,
  );
  return replicas.some((each) => each.region === region) ? "in-use" : undefined;
}

/** In no state any more. */
function isGone(step: KeyStep | undefined): boolean {
  return step === undefined || isLetGo(step);
}

function refuse(change: Change, before: StackRecord, after: StackRecord | undefined): Refusal | undefined {
  const { id, was, is, sources } = change;
  if (was === undefined || was === is || (is !== undefined && next[was].includes(is))) return undefined;
  const common = { severity: "critical", where: `${before.account} ${id}`, sources } as const;
  if (is === undefined) {
    // Of a key that is still in the stack the vanished key is the refusal.
    if (was !== "scheduled") return undefined;
    return {
      ...common,
      id: "step-skipped",
      why: "is scheduled for deletion and would be forgotten: where its removed block was never applied, Terraform would destroy it",
      whatToDo:
        "leave its lines where they are until AWS has deleted the key, and record that day in lifecycle.yaml first",
      lines: recordLines(change, before, "decommission: {disabled: DAY, scheduled: DAY, gone: DAY}"),
    };
  }
  if (!isLetGo(was)) {
    return {
      ...common,
      id: "step-skipped",
      why: `is ${was} and would be ${is} at once: nobody has seen yet that nothing needs it`,
      whatToDo: "take one step after the other, each applied before the next; the next one in lifecycle.yaml is",
      lines: recordLines(change, before, was === "disabled" ? scheduledLine : decommissionLine),
    };
  }
  if (isLetGo(is)) {
    const whatToDo = "put the step back in lifecycle.yaml";
    return { ...common, id: "step-skipped", why: `is ${was} and would be ${is}`, whatToDo, lines: [] };
  }
  if (was === "gone") {
    return {
      ...common,
      id: "key-comes-back",
      why: "is gone, and a new key would be made in its place",
      whatToDo: "take its lines out of the map; a new key under the same name is possible in the output after that",
      lines: [],
    };
  }
  if (isTakenOver(id, after)) return undefined;
  return {
    ...common,
    id: "key-comes-back",
    why: `is ${was}, and Terraform has let it go: a new key would be made in its place`,
    whatToDo:
      "put the step back in lifecycle.yaml; to have the key back (after cancel-key-deletion, if it was scheduled), take it over there (docs/lifecycle.md#take-over)",
    lines: recordLines({ ...change, replica: undefined }, before, adoptLine(change, before)),
  };
}

/** Everything that Terraform has let go with the key: what is left out would be made anew, which AWS refuses. */
function adoptLine({ primary }: Change, before: StackRecord): string {
  const { replicaSteps, aliases = [] } = before.metadata.get(primary) ?? {};
  const replicas = [...(replicaSteps ?? [])].flatMap(([region, step]) =>
    step !== undefined && isLetGo(step) && step !== "gone" ? [region] : [],
  );
  const parts = [
    "keyId: KEY-ID",
    ...(replicas.length === 0 ? [] : [`replicas: [${replicas.join(", ")}]`]),
    namesLine(
      "aliases",
      aliases.map((alias) => alias.replace(/^alias\//, "")),
    ),
  ];
  return `adopt: {${parts.join(", ")}}`;
}

function recordLines({ primary, replica }: Change, before: StackRecord, line: string): string[] {
  const record = replica === undefined ? line : `replicas: {${replica}: {${line}}}`;
  return lifecycleLines(before, { ...partsOf(primary), owner: undefined }, record);
}

function isTakenOver(id: string, after: StackRecord | undefined): boolean {
  return [...(after?.imports.keys() ?? [])].some(
    (address) => /^aws_kms_\w*key\./.test(address) && address.endsWith(`.${id}`),
  );
}
