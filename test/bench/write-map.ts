import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import {
  type BenchEnvironment,
  type BenchOrganization,
  type BenchTeam,
  benchRegions,
  type TeamAccount,
  teamAccountName,
} from "./organization";

/** Writes the organization as a map for orgkeys, one file a team, into a folder that is not there yet. */
export function writeMap(organization: BenchOrganization, directory: string): void {
  const files: Record<string, unknown> = {
    "organizations/bench.yaml": organizationFile(organization),
    "zones.yaml": zonesFile(),
    "data-classes.yaml": dataClassesFile(),
  };
  for (const team of organization.teams) files[`workloads/team-${team.number}.yaml`] = workloadsFile(team);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), stringify(content));
  }
}

function organizationFile({ security, teams }: BenchOrganization): unknown {
  const accounts = teams.flatMap((team) => team.accounts);
  const unit = (id: string, ouPath: string, environment: BenchEnvironment): unknown => ({
    id: `ou-ab12-${id}`,
    environment,
    accounts: Object.fromEntries(
      accounts.filter((account) => account.ouPath === ouPath).map(({ name, id: accountId }) => [name, accountId]),
    ),
  });
  return {
    id: "o-a1b2c3d4e5",
    rootId: "r-ab12",
    partition: "aws",
    homeRegion: benchRegions[0],
    regions: [...benchRegions],
    managementAccount: security.name,
    roles: { deploy: "OrgKeysDeploy", audit: "OrgKeysAudit" },
    ous: {
      Security: { id: "ou-ab12-10000000", accounts: { [security.name]: security.id } },
      Workloads: {
        id: "ou-ab12-20000000",
        ous: {
          Prod: unit("21000000", "Workloads/Prod", "prod"),
          Test: unit("22000000", "Workloads/Test", "test"),
          Dev: unit("23000000", "Workloads/Dev", "dev"),
        },
      },
      Regulated: {
        id: "ou-ab12-30000000",
        ous: {
          Prod: unit("31000000", "Regulated/Prod", "prod"),
          Test: unit("32000000", "Regulated/Test", "test"),
          Dev: unit("33000000", "Regulated/Dev", "dev"),
        },
      },
    },
  };
}

function zonesFile(): unknown {
  return {
    corporate: {
      organization: "bench",
      ous: ["Security", "Workloads"],
      owner: "platform-security",
      keyManagementAccount: "security",
      topology: "hybrid",
      centralize: [{ dataClasses: ["group"] }],
      administrators: ["role/KeyAdministrator"],
      breakGlass: "role/BreakGlass",
      regions: [...benchRegions],
    },
    payments: {
      organization: "bench",
      ous: ["Regulated"],
      owner: "payments-security",
      topology: "decentralized",
      administrators: ["role/PaymentsKeyAdministrator"],
      breakGlass: "role/PaymentsBreakGlass",
      regions: [...benchRegions],
      floor: { rotationDays: 365, deletionWindowDays: 30, key: "customer-managed" },
    },
  };
}

function dataClassesFile(): unknown {
  return {
    confidential: { key: "customer-managed", per: "environment" },
    restricted: { key: "customer-managed", per: "workload-environment" },
    regulated: {
      key: "customer-managed",
      per: "workload-environment",
      rotationDays: 180,
      rootAccess: "administration-only",
    },
    group: { key: "customer-managed", per: "workload-environment" },
  };
}

/** Eight keys an account: orders with one for each heavy service, payments, reports, search, and mail's shared one. */
function workloadsFile(team: BenchTeam): unknown {
  const { number } = team;
  const owner = `team-${number}`;
  const environments = (content: (account: TeamAccount) => object): Record<string, unknown> =>
    Object.fromEntries(
      team.accounts.map((account) => [
        account.environment,
        { account: account.name, replicas: [benchRegions[1]], ...content(account) },
      ]),
    );
  const use = (role: string, more: object = {}): object => ({
    principal: `role/${role}`,
    operations: ["encrypt", "decrypt"],
    ...more,
  });
  return {
    [`orders-${number}`]: {
      owner,
      dataClass: "restricted",
      perService: ["ebs", "rds", "s3"],
      environments: environments(() => ({
        use: [
          use("orders-api"),
          use("orders-api", { via: ["s3"] }),
          use("orders-database", { via: ["rds"], operations: ["encrypt", "decrypt", "grant-to-aws-services"] }),
          use("orders-nodes", { via: ["ebs"], operations: ["encrypt", "decrypt", "grant-to-aws-services"] }),
        ],
        grants: [
          {
            grantee: "role/orders-batch",
            operations: ["Decrypt", "GenerateDataKey"],
            encryptionContext: { subset: { app: "orders" } },
          },
        ],
      })),
    },
    [`payments-${number}`]: {
      owner,
      dataClass: "regulated",
      environments: environments(() => ({
        use: [use("payments-api", { encryptionContext: { app: "payments" } })],
        grants: [{ grantee: "role/payments-batch", operations: ["Decrypt", "DescribeKey"] }],
      })),
    },
    [`reports-${number}`]: {
      owner,
      dataClass: "restricted",
      environments: environments(({ environment }) => ({
        use: [
          use("reports-writer"),
          ...(team.readBy === undefined
            ? []
            : [{ principal: `${teamAccountName(team.readBy, environment)}:role/analytics`, operations: ["decrypt"] }]),
        ],
      })),
    },
    [`search-${number}`]: {
      owner,
      dataClass: "restricted",
      environments: environments(() => ({ use: [use("search-api")], services: [{ profile: "cloudwatch-logs" }] })),
    },
    [`mail-${number}`]: {
      owner,
      dataClass: "confidential",
      environments: environments(() => ({ use: [use("mail-api")] })),
    },
    ...(team.groupLedger
      ? {
          [`ledger-${number}`]: {
            owner,
            dataClass: "group",
            environments: {
              prod: {
                account: teamAccountName(number, "prod"),
                replicas: [benchRegions[1]],
                use: [
                  use("ledger-api"),
                  { principal: `${teamAccountName(number, "test")}:role/ledger-test`, operations: ["decrypt"] },
                ],
              },
            },
          },
        }
      : {}),
  };
}
