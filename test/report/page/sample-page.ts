import type {
  PageAccess,
  PageAccount,
  PageCostRow,
  PageData,
  PageKey,
  PagePrincipal,
} from "../../../modules/report/page-data";

/** A name that does harm wherever text is taken for markup. */
export const HOSTILE = `</script><img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script>`;

const zoneNames = ["corporate", "hipaa", "pci"];
const ouOfZone = ["Workloads/Prod", "Regulated/HIPAA", "Regulated/PCI"];
const workloads = ["payments", "ledger", "fraud-scoring", "patient-portal", "shop", "analytics", "crm", "search"];

/** A page in which everything occurs: crossings, exceptions, findings, rollouts, a review and drift, and hostile names. */
export function samplePage(accountCount: number, keysOfEach: number): PageData {
  const accounts = Array.from({ length: accountCount }, (_, index): PageAccount => {
    const zone = index % 3;
    const [id, name] = [
      String(310000000001 + index),
      index === 4 ? HOSTILE : `team-${String(index).padStart(4, "0")}-prod`,
    ];
    return {
      name,
      id,
      organization: 0,
      ou: zone + 3,
      zone,
      status: index === 7 ? "pending" : "active",
      environment: "prod",
    };
  });
  const keys = accounts.flatMap((account, index) =>
    Array.from({ length: keysOfEach }, (_, place) => keyOf(account, index, place)),
  );
  const principals: PagePrincipal[] = [
    { name: "s3.amazonaws.com", kind: "service", account: null, arn: "s3.amazonaws.com" },
  ];
  const access: PageAccess[] = [];
  accounts.forEach(({ id }, account) => {
    const names = [
      "role/KeyAdministrator",
      account === 4 ? `role/${HOSTILE}` : "role/payments-api",
      "role/payments-batch",
    ];
    const first =
      principals.push(
        ...names.map((name): PagePrincipal => ({ name, kind: "role", account, arn: `arn:aws:iam::${id}:${name}` })),
      ) - names.length;
    for (let place = 0; place < keysOfEach; place++) {
      const key = account * keysOfEach + place;
      access.push([first, key, 0, 0, 0, 0, 0], [first + 1, key, 1, 1, 1, 0, 0]);
      if (place % 2 === 0) access.push([first + 2, key, 2, 2, 0, 0, 1], [0, key, 1, 3, 1, 0, 0]);
    }
  });
  // Somebody of zone corporate gets to a key of zone pci: one accepted, one not.
  access.push([2, 2 * keysOfEach, 1, 1, 0, 0, 0], [3, 2 * keysOfEach, 3, 1, 0, 1, 0]);
  const costs = (name: string, share: number): PageCostRow => {
    const count = Math.round(keys.length * share);
    return {
      name,
      isRollout: false,
      keys: count,
      replicas: count,
      now: count * 2,
      later: count * 6,
      requests: count / 3,
      unpriced: 0,
      unpricedRequests: 0,
    };
  };
  return {
    schema: "orgkeys/page/v1",
    output: "cdktf.out",
    today: "2026-11-22",
    proof: "breached",
    notices: [{ where: "commercial.sandbox", what: "its JSON cannot be read", whatToDo: "Synthesize it again." }],
    organizations: [{ name: "commercial", id: "o-a1b2c3d4e5", partition: "aws" }],
    ous: ["", "Workloads", "Regulated", ...ouOfZone].map((path) => ({ organization: 0, path })),
    accounts,
    zones: zoneNames.map((name, zone) => ({
      name,
      organization: 0,
      topology: zone === 1 ? "decentralized" : "centralized",
      keyManagementAccount: zone === 1 ? null : zone,
      regions: ["us-east-1", "us-west-2"],
      frameworks: zone === 2 ? ["pci-dss-4.0"] : ["cis", "security-hub"],
      administrators: ["role/KeyAdministrator"],
      breakGlass: "role/KeyBreakGlass",
      guardrails: ["resource-control", "service-control"].map((kind) => ({
        name: `orgkeys-${name}-${kind}`,
        kind,
        targets: [ouOfZone[zone] ?? ""],
      })),
      proof: (["holds", "accepted", "breached"] as const)[zone] ?? "holds",
    })),
    crossings: [
      {
        of: 1,
        from: 0,
        exception: 0,
        what: "role/reports in team-0000-prod may Decrypt through statement LegacyReports",
      },
      {
        of: 2,
        from: 0,
        exception: null,
        what: "role/payments-batch in team-0000-prod may Decrypt through statement UsePaymentsApi",
      },
      { of: 2, from: null, exception: 0, what: "account 999999999999 may Encrypt through grant partner" },
    ],
    keys,
    principals,
    actionSets: [
      { names: ["CreateGrant", "PutKeyPolicy", "ScheduleKeyDeletion"], uses: false, manages: true },
      { names: ["Decrypt", "Encrypt", "GenerateDataKey"], uses: true, manages: false },
      { names: ["DescribeKey"], uses: false, manages: false },
      { names: ["CreateGrant", "Decrypt"], uses: true, manages: true },
    ],
    through: [
      "statement AdministerKey",
      "statement UsePaymentsApi",
      "grant payments-batch until 2027-01-31",
      `statement ${HOSTILE}`,
    ],
    conditions: ["", "StringEquals kms:ViaService s3.{region}.amazonaws.com"],
    regionLists: [[], ["us-east-1"]],
    access,
    findings: Array.from({ length: Math.min(600, accountCount) }, (_, index) => ({
      id: ["zone-key-access", "rotation-enabled", "grant-expiry"][index % 3] ?? "",
      severity: ["critical", "high", "medium", "low", "information"][index % 5] ?? "",
      where: `${accounts[index]?.name} ${keys[index * keysOfEach]?.address}`,
      why: "Somebody outside of the zone can decrypt.",
      whatToDo: "Take the statement out, or write an exception.",
      account: index,
      zone: index % 3,
      key: index % 4 === 3 ? null : index * keysOfEach,
      exception: index % 7 === 0 ? 0 : null,
      isProof: index % 3 === 0,
    })),
    exceptions: [
      {
        name: "legacy-report-reader",
        check: "zone-key-access",
        subject: "team-0001-prod statement LegacyReports",
        owner: HOSTILE,
        reason: "The old reports read settlements until they move into the zone.",
        expires: "2027-03-31",
        accepts: 1,
      },
    ],
    rollouts: [
      {
        name: "pci.access-roles",
        zone: 2,
        template: "access-roles",
        stackSets: [
          {
            name: "orgkeys-pci-access-roles",
            direct: false,
            wave: "production",
            regions: ["us-east-1"],
            accounts: accounts.map((_, index) => index).filter((index) => index % 3 === 2),
          },
        ],
        out: [[1, "pending: it is not in AWS yet"]],
      },
    ],
    cost: {
      total: costs("all", 1),
      pricesOf: "https://aws.amazon.com/kms/pricing/, read on 2026-11-22",
      byZone: zoneNames.map((name) => costs(name, 1 / 3)),
      byOu: ouOfZone.map((name) => costs(name, 1 / 3)),
      byWorkload: workloads.map((name, index) => costs(name, (index + 1) / 40)),
      byOwner: [HOSTILE, ...workloads.map((name) => `${name}-team`)].map((name, index) =>
        costs(name, (index + 1) / 50),
      ),
    },
    review: {
      schema: "orgkeys/review/v1",
      base: { name: "main", keys: keys.length - 1, replicas: keys.length - 1 },
      head: { name: "rotate-payments", keys: keys.length, replicas: keys.length },
      verdict: { level: "stop", line: "Stop: somebody outside zone pci gains Decrypt on 1 key." },
      zones: [{ zone: "pci" }],
      cost: { before: 2 * keys.length - 2, after: 2 * keys.length, unpriced: { before: 0, after: 0 } },
      changes: [
        laid(keys[2], accounts[2], {
          id: "access-gained-outside",
          risk: "critical",
          what: "lets somebody of another zone decrypt",
          access: [
            {
              effect: "gains",
              whom: "role/payments-batch in team-0000-prod",
              actions: ["kms:Decrypt"],
              through: "statement UsePaymentsApi",
              conditions: [],
            },
          ],
        }),
        laid(keys[0], accounts[0], {
          id: "rotation-changed",
          risk: "medium",
          what: "is rotated every 365 days, not every 180",
          access: [],
        }),
      ],
    },
    drift: {
      schema: "orgkeys/drift/v1",
      startedAt: "2026-11-22T01:00:00Z",
      summary: { accounts: { read: accountCount - 1, partly: 0, unread: 1 } },
      findings: [
        laid(keys[1], accounts[1], {
          id: "key-disabled",
          severity: "high",
          why: "AWS has it disabled; reviewed JSON has it enabled",
          access: [],
        }),
      ],
    },
  };
}

function keyOf({ id, zone }: PageAccount, account: number, place: number): PageKey {
  const workload = account === 5 ? HOSTILE : (workloads[(account + place) % workloads.length] ?? "");
  const name = `${workload === HOSTILE ? "hostile" : workload}-${String(account).padStart(4, "0")}-${place}`;
  return {
    id: `${id}/${name}_prod_us-east-1`,
    alias: `alias/${name}-prod`,
    aliases: [`alias/${name}-prod`],
    account,
    zone,
    region: "us-east-1",
    replicas: ["us-west-2"],
    owner: account === 5 ? HOSTILE : `${workload}-team`,
    workload,
    environment: "prod",
    dataClass: "regulated",
    spec: "SYMMETRIC_DEFAULT",
    rotationDays: 180,
    deletionWindowDays: 30,
    step: place === 3 ? "disabled" : "in-use",
    replicaSteps: [],
    enabled: place !== 3,
    grants: 1,
    policyBytes: 5553,
    cost: 2,
    stack: `commercial.team-${account}`,
    address: `aws_kms_key.${name}_prod_us-east-1`,
    sources: [`workloads/${workload}.yaml ${workload}.environments.prod`],
  };
}

function laid(
  key: PageKey | undefined,
  account: PageAccount | undefined,
  change: Readonly<Record<string, unknown>>,
): unknown {
  const place = {
    stack: key?.stack,
    address: key?.address,
    account: account?.name,
    accountId: account?.id,
    zone: zoneNames[key?.zone ?? 0],
    regions: ["us-east-1"],
    resource: key?.alias,
  };
  return { whatToDo: "Make sure that it is meant.", ...change, place };
}
