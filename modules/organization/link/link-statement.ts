import { allKeyActions } from "../../aws/kms-actions";
import { nameOrder } from "../../aws/name-order";
import type { MapPath } from "../map-file";
import { suggestName } from "../problem";
import type { StatementFile } from "../schema/workloads-schema";
import type { ExtraStatement, Principal } from "../workload";
import { checkStatementServices } from "./check-statement-services";
import { linkPrincipals } from "./link-principals";
import { checkPerService, type EnvironmentContext } from "./workload-context";

/** Resolves a further statement of the key policy. */
export function linkStatement(
  statement: StatementFile,
  at: MapPath,
  context: EnvironmentContext,
): ExtraStatement | undefined {
  checkElements(statement, at, context);
  const link = (field: "principals" | "notPrincipals"): Principal[] =>
    (statement[field] ?? []).flatMap((text, index) => {
      const path = [...at, field, index];
      const principals = linkPrincipals(text, "active", path, context) ?? [];
      refusePermissionSets(principals, path, context);
      // Whom a Deny leaves out stands in a condition, and need not exist.
      if (field === "principals") for (const principal of principals) context.mention(at, principal);
      return principals;
    });
  for (const field of ["actions", "notActions"] as const) {
    checkActions(statement[field] ?? [], [...at, field], context);
  }
  checkPerService(statement.service, at, context);
  const linked = {
    sid: statement.sid,
    effect: statement.effect,
    principals: link("principals"),
    services: [...(statement.services ?? [])].sort(nameOrder),
    notPrincipals: link("notPrincipals"),
    actions: [...(statement.actions ?? [])].sort(nameOrder),
    notActions: [...(statement.notActions ?? [])].sort(nameOrder),
    conditions: conditionsOf(statement),
    service: statement.service,
    source: context.sourceAt(at),
  };
  checkStatementServices(linked, at, context);
  return linked;
}

/** Whom and what a statement is about: each said once, and by exclusion only in a Deny. */
function checkElements(statement: StatementFile, at: MapPath, context: EnvironmentContext): void {
  const { effect, principals, services, notPrincipals, actions, notActions } = statement;
  if (principals === undefined && services === undefined && notPrincipals === undefined) {
    context.report(at, "names nobody", "add principals, services or, in a Deny, notPrincipals");
  }
  if (notPrincipals !== undefined && (principals !== undefined || services !== undefined)) {
    const message = "cannot go with principals or services: a Deny is either for these or for all others";
    context.report([...at, "notPrincipals"], message, "drop one of them", true);
  }
  if (actions === undefined && notActions === undefined) {
    context.report(at, "has no actions", "add actions or, in a Deny, notActions");
  }
  if (actions !== undefined && notActions !== undefined) {
    const message = "cannot go with actions: a Deny is either of these or of all others";
    context.report([...at, "notActions"], message, "drop one of them", true);
  }
  checkExceptions(statement, at, context);
  if (effect !== "Allow") return;
  if (notPrincipals !== undefined) {
    const message = "cannot be in an Allow: it would let everybody else in, in any account";
    context.report([...at, "notPrincipals"], message, "name whom the statement lets in, in principals", true);
  }
  if (notActions !== undefined) {
    const message = "cannot be in an Allow: every action that AWS adds to KMS later would be allowed too";
    context.report([...at, "notActions"], message, "name each action in actions", true);
  }
}

/** The exceptions become conditions, and one condition cannot be two. */
function checkExceptions({ notPrincipals, conditions }: StatementFile, at: MapPath, context: EnvironmentContext): void {
  if (notPrincipals === undefined) return;
  for (const [operator, wanted] of [
    ["ArnNotEquals", "aws:PrincipalArn"],
    ["StringNotEquals", "aws:PrincipalAccount"],
  ] as const) {
    for (const key of Object.keys(conditions?.[operator] ?? {})) {
      if (key.toLowerCase() !== wanted.toLowerCase()) continue;
      const message = "cannot go with notPrincipals, which is this condition in other words";
      context.report([...at, "conditions", operator, key], message, "name all exceptions in notPrincipals", true);
    }
  }
}

/** A permission set's role has no name that a principal could have, and its account would be the whole account. */
function refusePermissionSets(principals: readonly Principal[], at: MapPath, context: EnvironmentContext): void {
  if (!principals.some(({ kind }) => kind === "permission-set")) return;
  const fix = "make it a use entry; a Deny can name account:NAME with a condition on aws:PrincipalArn";
  context.report(at, "is a permission set, which no Principal can name", fix);
}

function checkActions(actions: readonly string[], at: MapPath, context: EnvironmentContext): void {
  for (const [index, action] of actions.entries()) {
    if (allKeyActions.includes(action)) continue;
    const path = [...at, index];
    if (action.includes("*")) context.report(path, "must not have a wildcard", "name each action");
    else {
      const fix = suggestName(action, allKeyActions, "write it as in kms:Decrypt");
      context.report(path, "is not an action on KMS keys", fix);
    }
  }
}

/** Values always as sorted lists. */
function conditionsOf({ conditions = {} }: StatementFile): ExtraStatement["conditions"] {
  const listed = Object.entries(conditions).map(([operator, keys]) => {
    const values = Object.entries(keys).map(([key, value]) => [
      key,
      typeof value === "string" ? [value] : [...value].sort(nameOrder),
    ]);
    return [operator, Object.fromEntries(values)];
  });
  return Object.fromEntries(listed);
}
