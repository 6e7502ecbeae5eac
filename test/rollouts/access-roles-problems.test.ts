import { describe, expect, test } from "@jest/globals";
import type { OrganizationMap, Zone } from "../../modules/organization/organization-map";
import type { Principal } from "../../modules/organization/workload";
import { accessRolesProblems } from "../../modules/rollouts/access-roles-problems";
import { iamPolicySizes } from "../../modules/rollouts/iam-policy-sizes";
import { accessSample, renderAccessRoles } from "./access-sample";

function problemsOf(map: OrganizationMap): string[] {
  const zone = map.zones.find(({ name }) => name === "pci");
  const rollout = map.rollouts.find(({ name }) => name === "pci.access-roles");
  if (zone === undefined || rollout === undefined) throw new Error("there is no such rollout");
  const unfit = accessRolesProblems(rollout, zone, map);
  // What is refused before is not rendered.
  const problems =
    unfit.length > 0 ? unfit : accessRolesProblems(rollout, zone, map, renderAccessRoles(map, "pci").document);
  return problems.map(({ source, message, fix }) => `${source}: ${message}; ${fix}`);
}

const inPci = (change: (zone: Zone) => Partial<Zone>): OrganizationMap =>
  accessSample((zone) => (zone.name === "pci" ? { ...zone, ...change(zone) } : zone));

/** As many deploy pipelines as it says. */
const withPipelines = (count: number, like: (principal: Principal, index: number) => Principal): OrganizationMap =>
  inPci(({ pipelines }) => {
    const [first] = pipelines?.deploy ?? [];
    if (pipelines === undefined || first === undefined) throw new Error("zone pci has no pipeline");
    return { pipelines: { ...pipelines, deploy: Array.from({ length: count }, (_, index) => like(first, index)) } };
  });

const place = "rollouts.yaml pci.templates.access-roles";

describe("roles that cannot be", () => {
  test("are none in the sample", () => {
    expect(problemsOf(accessSample())).toEqual([]);
  });

  test("those that nobody assumes", () => {
    expect(problemsOf(inPci(() => ({ pipelines: undefined })))).toEqual([
      `${place}: zone pci does not say who may assume these roles; say in zones.yaml pci.pipelines which roles run Terraform and drift detection`,
    ]);
    expect(problemsOf(withPipelines(0, (principal) => principal))[0]).toContain(
      "zone pci has nobody in pipelines.deploy",
    );
  });

  test("those that a whole account assumes", () => {
    expect(problemsOf(withPipelines(1, (principal) => ({ ...principal, kind: "account", name: "root" })))[0]).toContain(
      "in pipelines.deploy of zone pci is no role; name a role",
    );
  });

  test("two of one name", () => {
    const map = inPci(({ organization }) => ({
      organization: { ...organization, roles: { deploy: "OrgKeys", audit: "orgkeys" } },
    }));
    expect(problemsOf(map)).toEqual([
      `${place}: the deploy and the audit role of organization commercial are one, OrgKeys; give each a name of its own: who reads must not write`,
    ]);
  });

  test.each(["Boundary", "key-events-boundary"])(
    "those whose boundary has the name of the consumer policy of %s",
    (role) => {
      const map = accessSample();
      const workloads = map.workloads.map((workload) => ({
        ...workload,
        environments: workload.environments.map((environment) => ({
          ...environment,
          use: environment.use.map((use) => ({
            ...use,
            principals: use.principals.map((principal) => ({
              ...principal,
              kind: "role" as const,
              name: `role/x/${role}`,
            })),
          })),
        })),
      }));
      const found = problemsOf({ ...map, workloads });
      expect(found.length).toBeGreaterThan(0);
      for (const problem of found) expect(problem).toContain("the name of the roles' permissions boundary");
    },
  );

  test("those that trust more roles than IAM has room for", () => {
    const named = (principal: Principal, index: number): Principal => ({
      ...principal,
      name: `role/${"p".repeat(50)}${index}`,
    });
    expect(problemsOf(withPipelines(6, named))).toEqual([]);
    expect(problemsOf(withPipelines(7, named))).toEqual([
      `${place}: the trust policy of Deploy has 2212 characters, and IAM takes at most 2048; name fewer roles in pipelines, in fewer accounts, or fewer session tags`,
    ]);
  });

  test("those of a zone of too many OUs", () => {
    const map = inPci(({ extent }) => ({
      extent: {
        ...extent,
        wholeOus: Array.from({ length: 75 }, (_, index) => ({
          path: `OU${index}`,
          id: `ou-ab12-${31000000 + index}`,
          idPath: `o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-${31000000 + index}/`,
        })),
      },
    }));
    expect(problemsOf(map)).toEqual([
      expect.stringContaining("the inline policies of Deploy have 12417 characters, and IAM takes at most 10240"),
    ]);
  });
});

test("every policy of the sample has room to grow", () => {
  const sizes = ["corporate", "hipaa", "pci"].flatMap((zone) =>
    iamPolicySizes(renderAccessRoles(accessSample(), zone).document),
  );
  expect(sizes.length).toBe(19);
  for (const { resource, what, characters, most } of sizes) {
    expect([resource, what, characters < 0.75 * most]).toEqual([resource, what, true]);
  }
});
