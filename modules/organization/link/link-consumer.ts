import { parsePermissionSetRole } from "../../aws/permission-set";
import type { MapPath } from "../map-file";
import type { ConsumedBy, Principal } from "../workload";
import type { EnvironmentContext } from "./workload-context";

/** How a consumer policy names the key: as the entry says, else as the zone does. */
export function consumedByOf(by: ConsumedBy | undefined, { account, known }: EnvironmentContext): ConsumedBy {
  return by ?? known.zones.get(account.zone)?.consumers ?? "alias";
}

/** Nobody but IAM Identity Center attaches policies to the roles of permission sets, and an account is no principal of IAM. */
export function checkAttach(
  attach: boolean | undefined,
  principals: readonly Principal[],
  at: MapPath,
  context: EnvironmentContext,
): void {
  const [principal] = principals;
  if (attach !== true || principal === undefined) return;
  if (principal.kind === "account") {
    const message = "cannot be true: the policy for a whole account is only offered, and the account attaches it";
    context.report([...at, "attach"], message, "leave it out, or name the role");
  } else if (principal.kind === "permission-set" || parsePermissionSetRole(principal.arn) !== undefined) {
    const message = "cannot be true: IAM Identity Center alone attaches policies to the roles of its permission sets";
    context.report([...at, "attach"], message, "leave it out, and name the policy in the permission set");
  }
}
