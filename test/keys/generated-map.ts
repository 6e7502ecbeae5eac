import fc from "fast-check";
import type { SourceFile } from "../../modules/organization/map-file";

/**
 * Generated maps: two zones with every topology, all scopes of data classes, workloads with environments in random accounts
 * and Regions. They are valid but for aliases, which may collide.
 *
 * @param classes the data classes of its workloads
 */
export function generatedMap(classes: readonly string[] = encryptingClasses): fc.Arbitrary<SourceFile[]> {
  const regions = ["us-east-1", "us-west-2", "eu-west-1"];
  const topology = fc.constantFrom(
    "topology: centralized",
    "topology: decentralized",
    "topology: hybrid\n  centralize: [{environments: [prod]}]",
    "topology: hybrid\n  centralize: [{dataClasses: [w]}, {environments: [dev], dataClasses: [e]}]",
  );
  const floor = fc.constantFrom("", "\n  floor: {rotationDays: 180, deletionWindowDays: 20}");
  const use = fc.record({
    role: fc.constantFrom("api", "batch", "loader"),
    operations: fc.subarray(["encrypt", "decrypt"], { minLength: 1 }),
    narrowing: fc.constantFrom("", ", via: [s3]", ", via: [s3, ebs]", ", encryptionContext: {app: x}"),
    elsewhere: fc.boolean(),
  });
  const environment = fc.record({
    region: fc.constantFrom(...regions),
    replicas: fc.subarray(regions),
    uses: fc.array(use, { maxLength: 3 }),
    grant: fc.boolean(),
  });
  const workload = fc.record({
    zone: fc.constantFrom("a", "b"),
    dataClass: fc.constantFrom(...classes),
    perService: fc.subarray(["s3", "ebs"], { minLength: 1 }),
    environments: fc.dictionary(fc.constantFrom("prod", "test", "dev"), environment, { minKeys: 1 }),
  });
  return fc
    .record({
      topologies: fc.tuple(topology, topology),
      floors: fc.tuple(floor, floor),
      workloads: fc.array(workload, { minLength: 1, maxLength: 8 }),
    })
    .map(({ topologies, floors, workloads }) => [
      file("organizations/acme.yaml", organization),
      file(
        "zones.yaml",
        ["a", "b"]
          .map(
            (zone, index) =>
              `${zone}:\n  organization: acme\n  ous: [${zone.toUpperCase()}]\n  owner: team-${zone}\n  keyManagementAccount: ${zone}-keys\n` +
              `  ${topologies[index]}\n  administrators: [role/Admin]\n  breakGlass: role/BreakGlass\n  regions: [${regions.join(", ")}]${floors[index]}\n`,
          )
          .join(""),
      ),
      file(
        "data-classes.yaml",
        "e: {key: customer-managed, per: environment}\nw: {key: customer-managed, per: workload, rotationDays: 400, deletionWindowDays: 7}\n" +
          "we: {key: customer-managed, per: workload-environment, rootAccess: administration-only}\ns: {key: customer-managed, per: service}\n" +
          "sign: {key: customer-managed, per: workload-environment, spec: ECC_NIST_P256, usage: SIGN_VERIFY}\n" +
          "mac: {key: customer-managed, per: environment, spec: HMAC_256}\n",
      ),
      file("workloads/all.yaml", workloads.map(workloadText).join("")),
    ]);
}

const encryptingClasses: readonly string[] = ["e", "w", "we", "s"];

/** What `encrypt`, `decrypt` and a grant of `Decrypt` are on keys that do not encrypt. */
const otherWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sign: { encrypt: "sign", decrypt: "verify", Decrypt: "Sign" },
  mac: { encrypt: "generate-mac", decrypt: "verify-mac", Decrypt: "VerifyMac" },
};

/** With keys that sign and keys that make MACs. */
export const classesOfEveryKind: readonly string[] = [...encryptingClasses, ...Object.keys(otherWords)];

const organization = `id: o-a1b2c3d4e5
rootId: r-ab12
partition: aws
homeRegion: us-east-1
regions: [us-east-1, us-west-2, eu-west-1]
managementAccount: a-keys
roles: {deploy: Deploy, audit: Audit}
ous:
${["A", "B"].map(organizationalUnit).join("")}`;

function organizationalUnit(zone: string, index: number): string {
  const account = (name: string, position: number): string =>
    `{${zone.toLowerCase()}-${name}: "10000000${index}00${position}"}`;
  const children = ["prod", "test", "dev"].map(
    (name, position) =>
      `      ${name}: {id: ou-ab12-1000000${index}${position}, environment: ${name}, accounts: ${account(name, position + 1)}}\n`,
  );
  return `  ${zone}:\n    id: ou-ab12-1000000${index}\n    accounts: ${account("keys", 0)}\n    ous:\n${children.join("")}`;
}

interface GeneratedWorkload {
  readonly zone: string;
  readonly dataClass: string;
  readonly perService: readonly string[];
  readonly environments: Readonly<
    Record<
      string,
      {
        readonly region: string;
        readonly replicas: readonly string[];
        readonly grant: boolean;
        readonly uses: readonly {
          readonly role: string;
          readonly operations: readonly string[];
          readonly narrowing: string;
          readonly elsewhere: boolean;
        }[];
      }
    >
  >;
}

function workloadText(workload: GeneratedWorkload, index: number): string {
  const { zone, dataClass, perService, environments } = workload;
  const byService = dataClass === "s";
  const words = otherWords[dataClass];
  const word = (symmetric: string): string => words?.[symmetric] ?? symmetric;
  const shared = dataClass === "e" || dataClass === "mac";
  const lines = [
    `work${index}:`,
    `  owner: team${index}`,
    `  dataClass: ${dataClass}`,
    ...(shared || (!byService && index % 2 === 0) ? [] : [`  perService: [${perService.join(", ")}]`]),
    "  environments:",
  ];
  for (const [name, { region, replicas, uses, grant }] of Object.entries(environments)) {
    const other = name === "prod" ? "test" : "prod";
    lines.push(`    ${name}:`, `      account: ${zone}-${name}`, `      region: ${region}`);
    lines.push(`      replicas: [${replicas.filter((replica) => replica !== region).join(", ")}]`);
    if (uses.length > 0) lines.push("      use:");
    for (const { role, operations, narrowing, elsewhere } of uses) {
      const principal = elsewhere ? `"${zone}-${other}:role/${role}"` : `role/${role}`;
      const service = byService ? `, service: ${perService[0]}` : "";
      const narrowed = words === undefined ? narrowing : "";
      lines.push(
        `        - {principal: ${principal}, operations: [${operations.map(word).join(", ")}]${narrowed}${service}}`,
      );
    }
    if (grant) {
      const service = byService ? `, service: ${perService[0]}` : "";
      lines.push("      grants:", `        - {grantee: role/granted, operations: [${word("Decrypt")}]${service}}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function file(path: string, text: string): SourceFile {
  return { name: `config/${path}`, path, bytes: new TextEncoder().encode(text) };
}
