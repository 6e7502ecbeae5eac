import { parseIamPrincipalArn } from "../aws/arn";
import type { Zone } from "../organization/organization-map";
import { suggestName } from "../organization/problem";
import type { Principal } from "../organization/workload";
import type { PipelineRole } from "./pipeline-plan";

/**
 * The role of the map's `pipelines` that a zone's jobs become.
 *
 * @param chosen ARNs that the user has named, where the map has several
 */
export function chooseRole(
  zone: Zone,
  duty: PipelineRole["duty"],
  chosen: readonly string[],
): PipelineRole | { readonly problem: string } {
  const roles = zone.pipelines?.[duty] ?? [];
  const [only, ...others] = roles.length < 2 ? roles : roles.filter(({ arn }) => chosen.includes(arn));
  const place = `zones.yaml ${zone.name}.pipelines${zone.pipelines === undefined ? "" : `.${duty}`}`;
  if (only === undefined || others.length > 0) {
    if (roles.length === 0) return { problem: `${place}: is missing; write ${exampleOf(zone)}` };
    const arns = roles.map(({ arn }) => arn).join(", ");
    return {
      problem: `${place}: has ${roles.length} roles (${arns}), and a job becomes one; choose it with --role ARN`,
    };
  }
  if (only.status !== "active") {
    return {
      problem: `${place}: ${only.arn} is in an account that is ${only.status}; name a role of an active account`,
    };
  }
  return roleOf(only, duty, zone);
}

/** @returns what is wrong with those that no zone has */
export function unknownRoles(chosen: readonly string[], zones: readonly Zone[]): string[] {
  const known = zones.flatMap(({ pipelines }) => [...(pipelines?.deploy ?? []), ...(pipelines?.audit ?? [])]);
  const arns = known.map(({ arn }) => arn);
  return chosen
    .filter((arn) => !arns.includes(arn))
    .map((arn) => `--role ${arn}: is in no zone's pipelines; ${suggestName(arn, arns, "name a role's ARN")}`);
}

function roleOf({ arn, account }: Principal, duty: PipelineRole["duty"], zone: Zone): PipelineRole {
  return {
    duty,
    arn,
    name: parseIamPrincipalArn(arn)?.resource ?? arn,
    accountId: account.id,
    assumes: zone.organization.roles[duty],
  };
}

function exampleOf({ name, keyManagementAccount, accounts }: Zone): string {
  const account = keyManagementAccount?.name ?? accounts[0] ?? "ACCOUNT";
  const word = name
    .split(/[^a-z0-9]+/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");
  return `pipelines: {deploy: ["${account}:role/${word}KeyPipeline"], audit: ["${account}:role/${word}DriftReader"]}`;
}
