import { permissionSetRolePatterns } from "../aws/permission-set";
import { serviceProfile } from "../aws/service-profiles";
import type { Finding } from "../findings/finding";
import type { Account } from "../organization/organization-map";
import type { Principal, ServiceUse, Use } from "../organization/workload";
import type { KeyPolicyStatement } from "../policies/extra-statement";
import type { KeyUse } from "../policies/key-use";
import type { ServiceKeyUse } from "../policies/service-use";
import type { KeyCandidate, KeyMember } from "./key-identity";
import { standing } from "./standing";

/** A use that the map declares, with the principals behind its ARNs. */
export interface DeclaredUse {
  readonly member: KeyMember;
  readonly principals: readonly Principal[];
  readonly declared: Use;
  readonly use: KeyUse;
}

/** The uses that the map declares for this key, without principals that do not exist. One entry of the map is one use. */
export function usesOf(candidate: KeyCandidate, findings: Finding[]): DeclaredUse[] {
  return candidate.members.flatMap((member) =>
    member.environment.use
      .filter((use) => use.service === candidate.service)
      .map((use) => ({ use, principals: standing(use.principals, member.environment.source, findings) }))
      .filter(({ principals }) => principals.length > 0)
      .map(({ use, principals }) => ({
        member,
        principals,
        declared: use,
        use: {
          label: labelOf(candidate, member, principals),
          kind: candidate.dataClass.kind,
          principals: principals.map((principal) => principal.arn),
          operations: use.operations,
          via: use.via,
          encryptionContext: use.encryptionContext,
          sourceVpce: use.sourceVpce,
          sourceIp: use.sourceIp,
          organizationPath: use.organizationPath,
          from: use.from,
          until: use.until,
          permissionSet: permissionSetOf(principals),
        },
      })),
  );
}

/** A use has one permission set at most: only an OU is several principals. */
function permissionSetOf([principal]: readonly Principal[]): readonly string[] {
  if (principal?.kind !== "permission-set") return [];
  const { account, name } = principal;
  return permissionSetRolePatterns(account.organization.partition, account.id, name.slice("permission-set/".length));
}

/** For whom, as part of a Sid: the workload, its environment where the key is not one environment's, and the principal. */
function labelOf(candidate: KeyCandidate, member: KeyMember, principals: readonly Principal[]): string {
  const [principal, second] = principals;
  const environment = candidate.dataClass.per === "environment" ? [] : [member.environment.name];
  const who =
    principal === undefined || second !== undefined
      ? ["accounts"]
      : principal.kind === "account"
        ? ["account", principal.account.name]
        : [
            principal.name.replace(/^role\//, ""),
            ...(principal.account.id === member.environment.account.id ? [] : [principal.account.name]),
          ];
  return [member.workload.name, ...environment, ...who].join("-");
}

/** The AWS services that call KMS as themselves, for accounts that exist. */
export function servicesOf(candidate: KeyCandidate, findings: Finding[]): ServiceKeyUse[] {
  return candidate.members.flatMap((member) =>
    member.environment.services
      .filter((service) => service.service === candidate.service)
      .flatMap((service): ServiceKeyUse[] => {
        const profile = serviceProfile(service.profile);
        if (profile === undefined || needsUserGrant(service, candidate)) return [];
        if (service.sourceAccount.status !== "active") {
          findings.push(absentSource(service.profile, service.sourceAccount, member));
          return [];
        }
        return [
          {
            profile,
            partition: candidate.zone.organization.partition,
            sourceAccountId: service.sourceAccount.id,
            sourceArns: service.sourceArns,
            encryptionContext: service.encryptionContext,
          },
        ];
      }),
  );
}

/** A service-linked role of another account that a grant of that account lets in, and no key policy. */
export function needsUserGrant({ profile, sourceAccount }: ServiceUse, { owner }: KeyCandidate): boolean {
  return sourceAccount.id !== owner.id && serviceProfile(profile)?.grantAcrossAccounts !== undefined;
}

function absentSource(profile: string, account: Account, member: KeyMember): Finding {
  return {
    id: `${account.status}-principal`,
    severity: account.status === "pending" ? "medium" : "low",
    where: member.environment.source,
    why: `service ${profile} for account ${account.name} is kept out of the key policy: the account is ${account.status}`,
    whatToDo: account.status === "pending" ? "set the account's status to active once it exists" : "drop the service",
  };
}

/** The map's own statements for this key's policy, without principals that do not exist, each with its place. */
export function statementsOf(
  candidate: KeyCandidate,
  findings: Finding[],
): { readonly statement: KeyPolicyStatement; readonly source: string }[] {
  const shared = candidate.dataClass.per === "environment";
  return candidate.members.flatMap(({ workload, environment }) =>
    environment.statements
      .filter((statement) => statement.service === candidate.service)
      .map((statement) => ({
        statement: {
          ...statement,
          sid: `${shared ? workload.name : ""}${statement.sid}`.replaceAll("-", ""),
          principals: standing(statement.principals, environment.source, findings).map(({ arn }) => arn),
          notPrincipals: statement.notPrincipals.map(({ arn }) => arn),
        },
        source: statement.source,
      }))
      .filter(
        ({ statement: { principals, services, notPrincipals } }) =>
          principals.length + services.length + notPrincipals.length > 0,
      ),
  );
}
