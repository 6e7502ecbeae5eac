import { allKeyActions } from "../../aws/kms-actions";
import { nameOrder } from "../../aws/name-order";
import type { MapPath } from "../map-file";
import type { ExtraStatement } from "../organization-map";
import { suggestName } from "../problem";
import type { StatementFile } from "../schema/workloads-schema";
import { linkPrincipals } from "./link-principals";
import { checkPerService, type EnvironmentContext } from "./workload-context";

/** Resolves a further statement of the key policy. */
export function linkStatement(
  statement: StatementFile,
  at: MapPath,
  context: EnvironmentContext,
): ExtraStatement | undefined {
  const found = statement.principals.map((text, index) =>
    linkPrincipals(text, "active", [...at, "principals", index], context),
  );
  for (const [index, principals] of found.entries()) {
    for (const principal of principals ?? []) context.mention(at, principal);
    if (!principals?.some(({ kind }) => kind === "permission-set")) continue;
    const message = "is a permission set, which no Principal can name";
    const fix = "make it a use entry; a Deny can name account:NAME with a condition on aws:PrincipalArn";
    context.report([...at, "principals", index], message, fix);
  }
  for (const [index, action] of statement.actions.entries()) {
    if (allKeyActions.includes(action)) continue;
    const path = [...at, "actions", index];
    if (action.includes("*")) context.report(path, "must not have a wildcard", "name each action");
    else {
      const fix = suggestName(action, allKeyActions, "write it as in kms:Decrypt");
      context.report(path, "is not an action on KMS keys", fix);
    }
  }
  checkPerService(statement.service, at, context);
  return {
    sid: statement.sid,
    effect: statement.effect,
    principals: found.flatMap((principals) => principals ?? []),
    actions: [...statement.actions].sort(nameOrder),
    conditions: conditionsOf(statement),
    service: statement.service,
    source: context.sourceAt(at),
  };
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
