import { isAccountId } from "../../aws/account-id";
import type { MapPath } from "../map-file";
import type { ExtraStatement } from "../workload";
import { UNKNOWN_ZONE } from "./known-accounts";
import type { EnvironmentContext } from "./workload-context";

type Statement = Pick<ExtraStatement, "effect" | "principals" | "services" | "conditions">;

/**
 * AWS services act for whoever uses them, so an Allow for one has to say for whose resources: the source's account, or its
 * ARN with an account, all of the key's zone.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/least-privilege.html#least-privilege-source-arn
 */
export function checkStatementServices(statement: Statement, at: MapPath, context: EnvironmentContext): void {
  const { effect, principals, services } = statement;
  const { partition } = context.account.organization;
  for (const [index, service] of services.entries()) {
    if (!service.endsWith(".cn") || partition === "aws-cn") continue;
    const message = `is not available in partition ${partition}`;
    context.report([...at, "services", index], message, "drop .cn");
  }
  if (services.length === 0 || effect === "Deny") return;
  if (principals.length > 0) {
    const message =
      "cannot go with principals in an Allow: their requests have no source, and it would not let them in";
    context.report([...at, "services"], message, "make two statements", true);
  }
  const sources = sourcesOf(statement);
  if (sources.length === 0) {
    const message = `lets ${services.join(", ")} use the key for the resources of any account`;
    const fix = `add a condition, as in StringEquals: {"aws:SourceAccount": "${context.account.id}"}, or use services of the environment with their profiles`;
    context.report([...at, "services"], message, fix);
  }
  for (const { path, accountId } of sources) checkSource(accountId, [...at, "conditions", ...path], context);
}

interface Source {
  readonly path: readonly string[];
  /** Undefined where the value does not say one. */
  readonly accountId: string | undefined;
}

/** What the conditions that have to hold say of the source. */
function sourcesOf({ conditions }: Statement): Source[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    /^(String|Arn)(Equals|Like)$/.test(operator)
      ? Object.entries(keys).flatMap(([key, values]): Source[] => {
          const lower = key.toLowerCase();
          if (lower !== "aws:sourceaccount" && lower !== "aws:sourcearn") return [];
          const accounts = values.map((value) => (lower === "aws:sourceaccount" ? value : value.split(":")[4]));
          return accounts.map((id = "") => ({
            path: [operator, key],
            accountId: isAccountId(id) ? id : undefined,
          }));
        })
      : [],
  );
}

function checkSource(accountId: string | undefined, at: MapPath, context: EnvironmentContext): void {
  const { accounts } = context.known;
  const { zone } = context.account;
  if (accountId === undefined) {
    context.report(at, "does not say the source's account", "write the 12 digits of one account of the zone");
    return;
  }
  const account = accounts.byId(accountId);
  if (account === undefined) {
    if (accounts.mayHaveMore()) return;
    const message = `names account ${accountId}, which is not in this map`;
    context.report(at, message, "name an account of the key's zone");
  } else if (account.zone !== zone && account.zone !== UNKNOWN_ZONE && zone !== UNKNOWN_ZONE) {
    const message = `is in zone ${account.zone} (account ${account.name}), and this key is in zone ${zone}`;
    context.report(at, message, "zones are independent key domains: use a key of that account's own zone");
  }
}
