import { posix } from "node:path";
import { protectionOf } from "../access/stack-identity";
import type { StackBackend, SynthesizedStack } from "../access/synthesized-stack";
import type { BoundaryState, ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import { type StackZone, zoneOfStack } from "./evidence/stack-zone";
import type { Check, CheckedOutput, Violation } from "./frame/check";

type S3Backend = Extract<StackBackend, { readonly kind: "s3" }>;
type S3State = Extract<BoundaryState, { readonly kind: "s3" }>;

/**
 * Where the state is, and who can read it. A state goes by its account's id, so that an account that moves to another OU
 * keeps its keys; local files lie in `state/` beside the output directory, three folders above the stack's own.
 */
export const check: Check = {
  id: "zone-state",
  kind: "proof",
  severity: "critical",
  requirement: "Every stack keeps its state where the map has its zone's, in a file of its own, encrypted and locked.",
  reason: "The state tells about keys and policies, and whoever writes it can make Terraform destroy or replace them.",
  fix: "synthesize the stack again from the map",
  inStack: (stack, { zones }) => {
    const of = zoneOfStack(stack, zones);
    const { backend } = stack;
    if (backend === undefined) {
      return [violation(stack, "backend", "says of no place that can be read where its state is", "/terraform")];
    }
    if (of === undefined) {
      return [
        violation(stack, "backend", "is in no zone of the map, so that no place is right for its state", backend.path),
      ];
    }
    return elsewhere(stack, backend, of, zones);
  },
  inOutput: sharedStates,
};

function elsewhere(stack: SynthesizedStack, backend: StackBackend, of: StackZone, zones: ZoneBoundaries): Violation[] {
  const { state, name } = of.zone;
  const file = `${stateName(stack, of)}.tfstate`;
  if (state.kind !== backend.kind) {
    const [found, expected] = [where(backend), state.kind === "s3" ? `bucket ${state.bucket}` : "local files"];
    return [violation(stack, "backend", `keeps its state in ${found}, and zone ${name} in ${expected}`, backend.path)];
  }
  if (backend.kind === "local" || state.kind === "local") {
    const expected = `../../../state/${file}`;
    if (backend.kind !== "local" || backend.file === expected) return [];
    return [
      violation(
        stack,
        "state file",
        `keeps its state in ${backend.file} instead of ${expected}`,
        `${backend.path}/path`,
      ),
    ];
  }
  return [...otherObject(stack, backend, state, file, of.zone, zones), ...unprotected(stack, backend)];
}

/** The management account has the guardrails and rollouts of many zones. */
function stateName({ metadata: { kind } }: SynthesizedStack, { accountId, zone }: StackZone): string {
  return kind === "account" ? accountId : `${accountId}-${kind}-${zone.name}`;
}

function otherObject(
  stack: SynthesizedStack,
  backend: S3Backend,
  state: S3State,
  file: string,
  zone: ZoneBoundary,
  zones: ZoneBoundaries,
): Violation[] {
  const facts = [
    ["bucket", backend.bucket, state.bucket],
    ["key", backend.key, file],
    ["region", backend.region, state.region],
    ["role", backend.assumedRoleArn, state.role],
    ["kms_key_id", protectionOf(backend)?.kmsKeyId, state.kmsKeyId],
  ] as const;
  return facts.flatMap(([name, found, expected]) => {
    if (found === expected) return [];
    const others = zones.all.filter((other) => other !== zone && name === "bucket" && bucketOf(other) === found);
    const whose = others.map((other) => `, the bucket of zone ${other.name},`).join("");
    const why = `keeps its state with ${name} ${found ?? "left out"}${whose} instead of ${expected ?? "none"}`;
    return [violation(stack, `state ${name}`, why, backend.path)];
  });
}

function bucketOf({ state }: ZoneBoundary): string | undefined {
  return state.kind === "s3" ? state.bucket : undefined;
}

/** Without the lock two runs write one state, and the loser's keys are in no state at all. */
function unprotected(stack: SynthesizedStack, backend: S3Backend): Violation[] {
  const protection = protectionOf(backend);
  const needed = [
    ["encrypt", protection?.encrypt, "keeps its state unencrypted, but for what the bucket does by itself"],
    ["use_lockfile", protection?.lockfile, "keeps its state without a lock"],
  ] as const;
  return needed.flatMap(([name, given, why]): Violation[] =>
    given === true
      ? []
      : [{ ...violation(stack, `state ${name}`, why, backend.path), severity: "high", fix: `set ${name} to true` }],
  );
}

/** Bucket names are unique in all of AWS, and the Region adds nothing. */
function sharedStates({ index }: CheckedOutput): Violation[] {
  const byPlace = new Map<string, SynthesizedStack[]>();
  for (const stack of index.stacks) {
    if (stack.backend === undefined) continue;
    const place = where(stack.backend);
    byPlace.set(place, [...(byPlace.get(place) ?? []), stack]);
  }
  return [...byPlace].flatMap(([place, stacks]) =>
    stacks.flatMap((stack) =>
      stacks
        .filter((other) => other !== stack)
        .map((other) => {
          const why = `keeps its state in ${place}, where stack ${other.name} keeps its own`;
          return violation(stack, `state of ${other.name}`, why, stack.backend?.path ?? "");
        }),
    ),
  );
}

function where(backend: StackBackend): string {
  return backend.kind === "local" ? `file ${posix.normalize(backend.file)}` : `s3://${backend.bucket}/${backend.key}`;
}

function violation(stack: SynthesizedStack, detail: string, why: string, path: string): Violation {
  return { stack, address: undefined, detail: [detail], why, place: { document: stack.name, path } };
}
