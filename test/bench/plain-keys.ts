import {
  type BenchAccount,
  type BenchOrganization,
  type BenchTeam,
  type TeamAccount,
  teamAccountName,
} from "./organization";
import {
  allow,
  baseStatements,
  type Duties,
  decrypting,
  grantStatement,
  logsStatement,
  type PlainGrant,
  roleArn,
  type Statement,
  using,
  viaService,
} from "./plain-policies";

/** A key as the plain app's author describes it. */
export interface PlainKey {
  readonly name: string;
  readonly alias: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly rotationDays: number;
  readonly grant?: PlainGrant;
  /** @param otherRegion where the replica is, or for a replica its primary */
  readonly statements: (region: string, otherRegion: string) => readonly Statement[];
}

/** What one account uses of another one's keys. */
export interface PlainConsumer {
  readonly role: string;
  readonly ownerAccountId: string;
  readonly alias: string;
  readonly actions: readonly string[];
}

const dutiesOf: Readonly<Record<BenchTeam["zone"], Duties>> = {
  corporate: { administrator: "KeyAdministrator", breakGlass: "BreakGlass" },
  payments: { administrator: "PaymentsKeyAdministrator", breakGlass: "PaymentsBreakGlass" },
};

interface KeySpec {
  readonly workload: string;
  readonly dataClass: string;
  /** Roles of the account that use the key. */
  readonly users: readonly string[];
  readonly own: (region: string) => readonly Statement[];
  readonly service?: string;
  readonly rotationDays?: number;
  readonly grant?: PlainGrant;
}

/** The eight keys of one of a team's accounts. */
export function keysOfAccount(
  team: BenchTeam,
  account: TeamAccount,
  accountIds: ReadonlyMap<string, string>,
): PlainKey[] {
  const { id, environment } = account;
  const use = (name: string): Statement => allow("Use", roleArn(id, name), [...using, "kms:DescribeKey"]);
  const heavy = (service: string, user: string, endpoint: "ec2" | "rds" | "s3"): KeySpec => ({
    workload: "orders",
    dataClass: "restricted",
    users: [user],
    own: (region) => viaService(id, user, endpoint, region),
    service,
  });
  const readerId = team.readBy === undefined ? undefined : accountIds.get(teamAccountName(team.readBy, environment));
  const specs: KeySpec[] = [
    {
      workload: "orders",
      dataClass: "restricted",
      users: ["orders-api", "orders-batch"],
      own: () => [use("orders-api")],
      grant: {
        grantee: roleArn(id, "orders-batch"),
        operations: ["Decrypt", "GenerateDataKey"],
        contextSubset: { app: "orders" },
      },
    },
    heavy("ebs", "orders-nodes", "ec2"),
    heavy("rds", "orders-database", "rds"),
    heavy("s3", "orders-api", "s3"),
    {
      workload: "payments",
      dataClass: "regulated",
      users: ["payments-api", "payments-batch"],
      own: () => [
        allow("Use", roleArn(id, "payments-api"), using, {
          StringEquals: { "kms:EncryptionContext:app": ["payments"] },
        }),
        allow("Describe", roleArn(id, "payments-api"), ["kms:DescribeKey"]),
      ],
      rotationDays: 180,
      grant: { grantee: roleArn(id, "payments-batch"), operations: ["Decrypt", "DescribeKey"] },
    },
    {
      workload: "reports",
      dataClass: "restricted",
      users: ["reports-writer"],
      own: () => [
        use("reports-writer"),
        ...(readerId === undefined
          ? []
          : [allow("Read", roleArn(readerId, "analytics"), [...decrypting, "kms:DescribeKey"])]),
      ],
    },
    {
      workload: "search",
      dataClass: "restricted",
      users: ["search-api"],
      own: (region) => [use("search-api"), logsStatement(id, region)],
    },
    { workload: "mail", dataClass: "confidential", users: ["mail-api"], own: () => [use("mail-api")] },
  ];
  return specs.map((spec) => keyOf(spec, team, account));
}

function keyOf(spec: KeySpec, team: BenchTeam, account: TeamAccount): PlainKey {
  const { workload, dataClass, users, own, service, grant } = spec;
  const { number, zone } = team;
  const parts = [`${workload}-${number}`, account.environment, ...(service === undefined ? [] : [service])];
  const rootAccess = dataClass === "regulated" ? "administration-only" : "full";
  return {
    name: parts.join("_"),
    alias: `alias/${parts.join("-")}`,
    description: `${parts.join(" ")}: ${dataClass} data of zone ${zone}`,
    tags: {
      Environment: account.environment,
      DataClass: dataClass,
      Owner: `team-${number}`,
      Workload: `${workload}-${number}`,
      Zone: zone,
      ManagedBy: "cdktf",
    },
    rotationDays: spec.rotationDays ?? 365,
    statements: (region, otherRegion) => [
      ...baseStatements(account.id, otherRegion, dutiesOf[zone], rootAccess, users),
      ...(grant === undefined ? [] : [grantStatement(account.id, grant)]),
      ...own(region),
    ],
    ...(grant === undefined ? {} : { grant }),
  };
}

/** The central keys of the corporate zone. */
export function centralKeys(
  { security, teams }: BenchOrganization,
  accountIds: ReadonlyMap<string, string>,
): PlainKey[] {
  return teams
    .filter((team) => team.groupLedger)
    .map(({ number }) => {
      const prodId = accountIds.get(teamAccountName(number, "prod")) ?? "";
      const testId = accountIds.get(teamAccountName(number, "test")) ?? "";
      return {
        name: `ledger-${number}_prod`,
        alias: `alias/ledger-${number}-prod`,
        description: `ledger-${number} prod: group data of zone corporate`,
        tags: {
          Environment: "prod",
          DataClass: "group",
          Owner: `team-${number}`,
          Workload: `ledger-${number}`,
          Zone: "corporate",
          ManagedBy: "cdktf",
        },
        rotationDays: 365,
        statements: (_region, otherRegion) => [
          ...baseStatements(security.id, otherRegion, dutiesOf.corporate, "full", []),
          allow("Use", roleArn(prodId, "ledger-api"), [...using, "kms:DescribeKey"]),
          allow("Read", roleArn(testId, "ledger-test"), [...decrypting, "kms:DescribeKey"]),
        ],
      };
    });
}

/** What an account uses elsewhere: reports of the zone's next team, and the group's ledger in the security account. */
export function consumersOfAccount(
  security: BenchAccount,
  team: BenchTeam,
  account: TeamAccount,
  accountIds: ReadonlyMap<string, string>,
): PlainConsumer[] {
  const { environment } = account;
  const consumers: PlainConsumer[] = [];
  if (team.reads !== undefined) {
    consumers.push({
      role: "analytics",
      ownerAccountId: accountIds.get(teamAccountName(team.reads, environment)) ?? "",
      alias: `alias/reports-${team.reads}-${environment}`,
      actions: decrypting,
    });
  }
  if (team.groupLedger && environment !== "dev") {
    consumers.push({
      role: environment === "prod" ? "ledger-api" : "ledger-test",
      ownerAccountId: security.id,
      alias: `alias/ledger-${team.number}-prod`,
      actions: environment === "prod" ? using : decrypting,
    });
  }
  return consumers;
}
