import type { AffectedReport, ComparedSide } from "../terraform/affected/affected-report";
import { AFFECTED_SCHEMA, type AffectedDocument } from "./affected-document";

/** What a change touches, for programs: `orgkeys/affected/v1`. */
export function affectedJson({ before, after, stacks, affected, dependents, shard }: AffectedReport): string {
  const document: AffectedDocument = {
    schema: AFFECTED_SCHEMA,
    base: sideOf(before),
    head: sideOf(after),
    stacks,
    shard: shard === undefined ? null : { index: shard.index, count: shard.count },
    affected: affected.map(({ stack, before: was, after: is, metadata, summary, reasons }) => ({
      stack,
      before: was ?? null,
      after: is ?? null,
      kind: metadata.kind,
      organization: metadata.organization ?? null,
      ou: metadata.kind === "account" ? (metadata.ou ?? null) : null,
      zone: metadata.zone ?? null,
      account: metadata.account ?? null,
      summary,
      reasons: reasons.map(({ kind, address, text }) => ({ kind, address, text })),
    })),
    dependents:
      dependents?.map(({ stack, needs }) => ({
        stack,
        needs: needs.map(({ to, hard, why }) => ({ stack: to, hard, why })),
      })) ?? null,
  };
  return JSON.stringify(document, null, 2);
}

function sideOf({ name, commit, isMergeBase, from }: ComparedSide): AffectedDocument["base"] {
  return { name, commit: commit ?? null, isMergeBase, from };
}
