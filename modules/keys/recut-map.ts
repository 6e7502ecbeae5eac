import { uniqueNames } from "../aws/name-order";
import type { CustomerManagedDataClass, OrganizationMap } from "../organization/organization-map";
import type { KeyScope } from "../organization/schema/data-classes-schema";
import type { Use, Workload, WorkloadEnvironment } from "../organization/workload";

/** Names that no two keys of one account share, whatever patterns the map has for its own. */
const patterns: Readonly<Record<KeyScope, string>> = {
  environment: "{dataClass}-{environment}",
  workload: "{workload}",
  "workload-environment": "{workload}-{environment}",
  service: "{workload}-{environment}-{service}",
};

/**
 * The map as if each customer managed data class had another `per`. Aliases get patterns of that scope's own, and what the map
 * records of single keys is not in it, because there would be other keys. Classes with a key store stay as they are: an external
 * key manager knows their keys by name.
 */
export function recutMap(map: OrganizationMap, scope: KeyScope): OrganizationMap {
  return { ...map, lifecycles: [], workloads: map.workloads.map((workload) => recutWorkload(workload, scope)) };
}

function recutWorkload(workload: Workload, scope: KeyScope): Workload {
  const { dataClass } = workload;
  if (dataClass.key !== "customer-managed" || dataClass.keyStore !== undefined) return workload;
  const recut = (
    per: KeyScope,
    perService: readonly string[],
    environments: readonly WorkloadEnvironment[],
  ): Workload => ({
    ...workload,
    dataClass: {
      ...dataClass,
      per,
      alias: patterns[per],
      aliases: [],
      dropAliases: [],
    } satisfies CustomerManagedDataClass,
    alias: undefined,
    aliases: [],
    dropAliases: [],
    perService,
    environments,
  });
  if (scope !== "service") return recut(scope, [], workload.environments.map(withoutServices));
  const environments = workload.environments.map(byService);
  const services = uniqueNames(
    environments.flatMap((environment) => entriesOf(environment).flatMap(({ service }) => service ?? [])),
  );
  // What comes through no service needs a key as well.
  const general =
    services.length === 0 || environments.some((each) => entriesOf(each).some(({ service }) => service === undefined));
  return recut(general ? "workload-environment" : "service", services, environments);
}

function entriesOf({ use, services, grants, statements, requests }: WorkloadEnvironment) {
  return [...use, ...services, ...grants, ...statements, ...requests];
}

function withoutServices(environment: WorkloadEnvironment): WorkloadEnvironment {
  const general = <Entry extends { readonly service: string | undefined }>(entry: Entry): Entry => ({
    ...entry,
    service: undefined,
  });
  return {
    ...environment,
    use: environment.use.map(general),
    services: environment.services.map(general),
    grants: environment.grants.map(general),
    statements: environment.statements.map(general),
    requests: environment.requests.map(general),
  };
}

/** Each service that a use comes through gets its own key. */
function byService(environment: WorkloadEnvironment): WorkloadEnvironment {
  const split = (use: Use): Use[] =>
    use.service !== undefined || use.via.length === 0
      ? [use]
      : use.via.map((word) => ({ ...use, via: [word], service: word }));
  return {
    ...environment,
    use: environment.use.flatMap(split),
    services: environment.services.map((each) => ({ ...each, service: each.service ?? each.profile })),
  };
}
