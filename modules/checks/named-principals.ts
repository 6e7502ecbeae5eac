import type { PrincipalElement, PrincipalName } from "../access/policy-statement";
import { parseRequester } from "../access/requester";
import { statementDetail } from "../access/statement-detail";
import { isAccountId } from "../aws/account-id";
import { isUniqueId } from "../aws/unique-id";
import { unreadPolicy } from "./evidence/unread-policy";
import type { Check } from "./frame/check";

/**
 * Who is named, whatever the conditions say: scanners ignore them (checkov CKV_AWS_33), and so does a reader in a hurry. A
 * whole account is a name; whether it is one of the zone is `zone-key-access`'s question. An OU is the list of its
 * accounts, with `aws:PrincipalOrgPaths` beside it.
 */
export const check: Check = {
  id: "named-principals",
  kind: "hygiene",
  severity: "high",
  requirement: "Every Allow of a key policy names roles, users, accounts or AWS services, each in full.",
  reason:
    "A principal that is a wildcard, an exclusion or an id is one that no reviewer can recognize, and no scanner passes.",
  fix: "name the role, user or account by its ARN, or the AWS service by its name; for an OU name its accounts, with a condition on aws:PrincipalOrgPaths",
  inKey: (key) => {
    const { stack, key: resource } = key.entry;
    const statements = resource.policy?.statements ?? [];
    const allows = statements.filter(({ effect }) => effect === "Allow");
    return [
      ...unreadPolicy(key, "whom it names"),
      ...allows.flatMap((statement) =>
        flawsOf(statement.principal).map(({ name, why }) => ({
          stack,
          address: resource.address,
          detail: [statementDetail(statement, statements), name],
          why,
          place: statement,
        })),
      ),
    ];
  },
};

interface NamelessPrincipal {
  readonly name: string;
  readonly why: string;
}

function flawsOf(element: PrincipalElement | undefined): NamelessPrincipal[] {
  if (element === undefined) return [{ name: "no principal", why: "names no principal" }];
  if (element.negated) {
    const name = `NotPrincipal ${element.names.map(({ value }) => value).join(", ")}`;
    return [{ name, why: "allows everybody but those whom NotPrincipal names, in any account" }];
  }
  return element.names.flatMap((name): NamelessPrincipal[] => {
    const why = flawOf(name);
    return why === undefined ? [] : [{ name: textOf(name), why }];
  });
}

function flawOf({ type, value }: PrincipalName): string | undefined {
  switch (type) {
    case "Any":
      return "allows everybody, and a condition is all that could stop them";
    case "Service":
      return parseRequester(value)?.kind === "service" ? undefined : `names ${value}, which is no AWS service`;
    case "Federated":
      return `names the sessions of identity provider ${value}, which are in any account and no role`;
    case "CanonicalUser":
      return "names a canonical user id, which AWS KMS does not know";
    case "AWS":
      return flawOfAws(value);
  }
}

function flawOfAws(value: string): string | undefined {
  if (value === "*") return "allows everybody, and a condition is all that could stop them";
  if (/[*?]/.test(value))
    return `names ${value}: AWS takes no wildcard in a principal, and nobody can tell whom it means`;
  if (isAccountId(value)) return undefined;
  if (isUniqueId(value)) {
    return `names the unique id ${value}, which is what AWS leaves of a principal that was deleted`;
  }
  const requester = parseRequester(value);
  return requester === undefined || requester.kind === "service"
    ? `names ${value}, which is no role, user or account`
    : undefined;
}

function textOf({ type, value }: PrincipalName): string {
  return type === "Any" || type === "AWS" ? value : `${type} ${value}`;
}
