import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { operationActions } from "../../modules/aws/key-operations";
import { viaServiceEndpoint } from "../../modules/aws/via-services";
import { cutKeys } from "../../modules/keys/key-identity";
import { usesOf } from "../../modules/keys/key-users";
import type { KeyUse } from "../../modules/policies/key-use";
import type { PolicyDocument } from "../../modules/policies/policy-document";
import { loadPlan, planSources } from "../../stacks/load-plan";
import { type Call, isAllowed } from "./simulate";

/** One use of the map, in one Region of its key, and the policies that the plan has for it. */
interface PlannedUse {
  readonly name: string;
  readonly use: KeyUse;
  readonly ownerAccountId: string;
  readonly keyPolicy: PolicyDocument;
  readonly consumer: readonly PolicyDocument[];
  readonly call: Omit<Call, "action">;
}

function plannedUses(directory: string): PlannedUse[] {
  const loaded = loadPlan(join(__dirname, "../..", directory));
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  const { map, plan } = loaded;
  const zones = new Map(map.zones.map((zone) => [zone.name, zone]));
  return cutKeys(map.workloads, zones).flatMap((candidate) => {
    const key = plan.keys.find(
      ({ id, accountId, region }) =>
        id === candidate.id && accountId === candidate.owner.id && region === candidate.region,
    );
    if (key === undefined) throw new Error(`no key ${candidate.id}`);
    return usesOf(candidate, []).flatMap(({ use }) =>
      use.principals.flatMap((named) =>
        [key, ...key.replicas].map(({ region, policy }): PlannedUse => {
          // Whoever the account's IAM lets stand for it.
          const principal = named.replace(/:root$/, ":role/anybody");
          const kindAndName = named.split(":").slice(5).join(":");
          const attachTo = kindAndName === "root" ? undefined : kindAndName;
          return {
            name: `${key.alias} in ${region} by ${named}, ${JSON.stringify(use.operations)}`,
            use,
            ownerAccountId: key.accountId,
            keyPolicy: withoutExtras(policy),
            consumer: plan.consumerPolicies
              .filter((each) => each.accountId === named.split(":")[4] && each.attachTo === attachTo)
              .map((each) => each.policy),
            call: {
              principal,
              key: `arn:${key.partition}:kms:${region}:${key.accountId}:key/mrk-1`,
              aliases: [key.alias],
              encryptionContext: use.encryptionContext,
              via: use.via[0] === undefined ? undefined : viaServiceEndpoint(use.via[0], region),
              vpce: use.sourceVpce[0],
              ...(use.sourceIp[0] === undefined ? {} : { ip: use.sourceIp[0].replace(/\/.*/, "") }),
              ...(use.organizationPath === undefined
                ? {}
                : { organization: { id: use.organizationPath.organizationId, path: use.organizationPath.idPath } }),
            },
          };
        }),
      ),
    );
  });
}

/** What the map's further statements deny is the map's own wish. */
function withoutExtras(policy: PolicyDocument): PolicyDocument {
  return { ...policy, Statement: policy.Statement.filter(({ Sid }) => !Sid.startsWith("Extra")) };
}

function actionsOf(use: KeyUse): string[] {
  const actions = use.operations
    .filter((operation) => operation !== "grant-to-aws-services")
    .flatMap((operation) => operationActions[operation]);
  return actions.length === 0 ? ["kms:DescribeKey"] : actions;
}

/** Under StringEquals the oracle does not resolve `${$}`, with which a literal `${` is written. */
const judged = ({ use }: PlannedUse): boolean =>
  !Object.values(use.encryptionContext).some((value) => value.includes("${"));

const uses = ["config", "test/fixtures/small"].flatMap(plannedUses).filter(judged);
const foreign = uses.filter(({ call, ownerAccountId }) => call.principal.split(":")[4] !== ownerAccountId);
const whole = (use: KeyUse): boolean => use.principals.some((principal) => principal.endsWith(":root"));
const local = uses.filter(
  ({ use, call, ownerAccountId }) => call.principal.split(":")[4] === ownerAccountId && !whole(use),
);

describe("every use of the sample and of the small organization", () => {
  test("is of both kinds", () => {
    expect(foreign.length).toBeGreaterThan(10);
    expect(local.length).toBeGreaterThan(10);
  });

  test.each(foreign.map((each) => [each.name, each] as const))(
    "takes both halves: %s",
    (_, { use, keyPolicy, consumer, call }) => {
      for (const action of actionsOf(use)) {
        const asked: Call = { ...call, action };
        expect([action, isAllowed(keyPolicy, asked, consumer)]).toEqual([action, true]);
        expect([action, isAllowed(keyPolicy, asked)]).toEqual([action, false]);
      }
      expect(consumer).not.toEqual([]);
    },
  );

  test.each(local.map((each) => [each.name, each] as const))(
    "of the owner's account takes the key policy alone: %s",
    (_, { use, keyPolicy, call }) => {
      for (const action of actionsOf(use)) {
        expect([action, isAllowed(keyPolicy, { ...call, action })]).toEqual([action, true]);
      }
    },
  );
});

describe("a map is refused when it", () => {
  const directory = join(__dirname, "../fixtures/small");

  /** The messages for the small organization with one text in its files replaced. */
  function problemsAfter(text: string, replacement: string): string[] {
    const sources = readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((path) => statSync(join(directory, path)).isFile())
      .map((path) => {
        const content = readFileSync(join(directory, path), "utf8").replace(text, replacement);
        return { name: path, path, bytes: Buffer.from(content) };
      });
    const planned = planSources(sources, directory);
    return "problems" in planned ? planned.problems.map(({ message }) => message) : [];
  }

  test("is the small organization as it is: not at all", () => {
    expect(problemsAfter("", "")).toEqual([]);
  });

  test("lets a service-linked role use a key of another account, which its IAM policy never reaches", () => {
    expect(problemsAfter("profile: cloudtrail", "profile: imagebuilder")).toEqual([
      "service imagebuilder acts as a role of account shop-prod, which cannot use key alias/ledger of account keys",
    ]);
  });

  test("has a grant to an operation that a symmetric key does not have", () => {
    expect(problemsAfter("operations: [Decrypt],", "operations: [Sign],")).toHaveLength(1);
  });

  test("grants a key to one of its managers", () => {
    const problems = problemsAfter("grantee: role/shop-batch", "grantee: keys:role/KeyAdministrator");
    expect(problems).toContainEqual(
      expect.stringContaining(
        "names role/KeyAdministrator, the administrator of zone corporate, and who manages keys never uses them",
      ),
    );
  });
});
