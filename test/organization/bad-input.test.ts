import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { nameOrder } from "../../modules/aws/name-order";
import { formatProblem, type Problem } from "../../modules/organization/problem";
import { planSources } from "../../stacks/load-plan";
import { readBadInputCases } from "./bad-input-cases";
import { baseMap, baseMapWith, sourcesOf } from "./base-map";

const cases = readBadInputCases(readFileSync(join(__dirname, "bad-input.md"), "utf8"));
type Texts = ReadonlyMap<string, string | Uint8Array>;

/** Of a case, several tests look at the same problems. */
const found = new WeakMap<Texts, readonly Problem[]>();
function problemsIn(texts: Texts): readonly Problem[] {
  const known = found.get(texts);
  if (known !== undefined) return known;
  const loaded = planSources(sourcesOf(texts), "config");
  const problems = "problems" in loaded ? loaded.problems : [];
  found.set(texts, problems);
  return problems;
}

/** What validation prints for a map. */
function linesFor(texts: Texts): string[] {
  const lines = problemsIn(texts).map(formatProblem);
  return lines.length === 0 ? ["no problems"] : lines;
}

/** The base map with one more thing done to one of its files. */
function baseMapWithFile(path: string, change: (text: string) => string | Uint8Array): Texts {
  const texts = baseMap();
  return new Map<string, string | Uint8Array>([...texts, [path, change(texts.get(path) ?? "")]]);
}

test("the base map has no problems", () => {
  expect(linesFor(baseMap())).toEqual(["no problems"]);
});

for (const group of new Set(cases.map((each) => each.group))) {
  describe(group, () => {
    test.each(cases.filter((each) => each.group === group))("$name", ({ texts, expected }) => {
      expect(linesFor(texts)).toEqual(expected);
    });
  });
}

describe("every problem of every case", () => {
  const problems = cases.flatMap(({ texts }) => problemsIn(texts).map((problem) => ({ problem, texts })));

  test("says how to fix it", () => {
    expect(
      problems.filter(({ problem }) => (problem.fix ?? "") === "").map(({ problem }) => formatProblem(problem)),
    ).toEqual([]);
  });

  test("speaks the map's language and not a library's", () => {
    const foreign = /invalid|expected|received|unrecognized|undefined|null|\[object|NaN|zod|regex|string\b/i;
    const lines = problems.map(({ problem }) => `${problem.message}; ${problem.fix}`);
    expect(lines.filter((line) => foreign.test(line))).toEqual([]);
  });

  test("stands at a place in its file that has the value or key it is about", () => {
    for (const { problem, texts } of problems) {
      const text = texts.get(problem.file.replace(/^config\//, ""));
      if (text === undefined) continue;
      const here = text.split("\n")[problem.line - 1]?.slice(problem.column - 1) ?? "";
      // Lists, mappings, texts of many words or lines and values behind an alias are not shown as they stand there.
      const isShown = problem.value !== undefined && !/^(a |\{|\[\]|\| )|\.\.\.$/.test(problem.value);
      if (isShown && !here.startsWith("*")) {
        expect([formatProblem(problem), here.slice(0, problem.value?.length)]).toEqual([
          formatProblem(problem),
          problem.value,
        ]);
      } else if (problem.path !== "") {
        expect(here).not.toBe("");
      }
    }
  });
});

describe("bytes", () => {
  test("a byte order mark is no problem", () => {
    expect(linesFor(baseMapWithFile("zones.yaml", (text) => `\uFEFF${text}`))).toEqual(["no problems"]);
  });

  test("Windows line ends are no problem, and do not shift places", () => {
    const windows = new Map([...baseMap()].map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]));
    expect(linesFor(windows)).toEqual(["no problems"]);
    const wrong = baseMapWith(["workloads/payments.yaml", "payments-prod", "payments-prd"]);
    const wrongWindows = new Map([...wrong].map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]));
    expect(linesFor(wrongWindows)).toEqual(linesFor(wrong));
  });

  test("a file in Latin-1 is refused where its first such letter stands", () => {
    const latin1 = baseMapWithFile("workloads/payments.yaml", (text) =>
      Buffer.from(text.replace("payments-platform", "bäckerei"), "latin1"),
    );
    expect(linesFor(latin1)).toEqual([
      "config/workloads/payments.yaml:2:11  is not UTF-8 text from here on; save the file as UTF-8",
    ]);
  });

  test("a template of rollouts in Latin-1 is refused as well", () => {
    const latin1 = baseMapWithFile("rollouts/backup-vault.yaml.hbs", (text) =>
      Buffer.from(text.replace("A backup vault", "Für Sicherungen"), "latin1"),
    );
    expect(linesFor(latin1)).toEqual([
      "config/rollouts/backup-vault.yaml.hbs:2:15  is not UTF-8 text from here on; save the file as UTF-8",
    ]);
  });

  test("a file in UTF-16 is refused", () => {
    const utf16 = baseMapWithFile("workloads/payments.yaml", (text) => Buffer.from(`\uFEFF${text}`, "utf16le"));
    expect(linesFor(utf16)).toEqual([
      "config/workloads/payments.yaml:1:1  is not UTF-8 text from here on; save the file as UTF-8",
    ]);
  });

  test("an archive in place of a file is refused", () => {
    const zip = Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x08, 0x08, 0x08, 0x00, 0xb5, 0x9c]);
    expect(linesFor(baseMapWithFile("workloads/payments.yaml", () => zip))).toEqual([
      "config/workloads/payments.yaml:1:11  is not UTF-8 text from here on; save the file as UTF-8",
    ]);
  });

  test("endless nesting is refused, however deep", () => {
    for (const levels of [150, 20_000]) {
      const [line = ""] = linesFor(baseMapWithFile("workloads/payments.yaml", () => `payments: ${"[".repeat(levels)}`));
      expect(line).toMatch(/^config\/workloads\/payments\.yaml:1:\d+ {2}/);
    }
    const nested = `payments: ${"[".repeat(150)}${"]".repeat(150)}\n`;
    expect(linesFor(baseMapWithFile("workloads/payments.yaml", () => nested))).toEqual([
      "config/workloads/payments.yaml:1:111  payments: is nested too deeply to be read; a map needs fewer than 100 levels",
    ]);
  });
});

describe("a key policy", () => {
  test("larger than AWS takes is refused", () => {
    const uses = Array.from(
      { length: 150 },
      (_, index) =>
        `        - {principal: role/payments-api-${index}, operations: [decrypt], encryptionContext: {n: "${index}"}}`,
    );
    const [line = "", ...others] = linesFor(
      baseMapWithFile("workloads/payments.yaml", (text) => `${text}${uses.join("\n")}\n`),
    );
    expect(others).toEqual([]);
    expect(line.replace(/\d{5}/, "BYTES")).toBe(
      "config/workloads/payments.yaml:5:5  payments.environments.prod: key alias/payments-prod in us-east-1: the key policy has BYTES bytes, and AWS KMS takes at most 32768; give some of its workloads a key of their own, or name an OU (ou:PATH) instead of many principals; for an OU of hundreds of accounts, the zone can allow organizationPaths",
    );
  });
});

describe("an expired grant", () => {
  const findingsOn = (today: string | undefined) => {
    const loaded = planSources(sourcesOf(baseMap()), "config", { today });
    if ("problems" in loaded) throw new Error("the base map is valid");
    return loaded.plan.findings.filter(({ id }) => id.startsWith("grant-"));
  };

  test("is left out with a finding, and is no error", () => {
    expect(findingsOn("2027-01-31")).toEqual([
      {
        id: "grant-expired",
        severity: "medium",
        where: "workloads/shop.yaml shop.environments.prod.grants.0",
        why: "the grant to role/shop-batch expired on 2027-01-31 and is left out: the next apply revokes it",
        whatToDo: "delete it from the map, or set a later day",
      },
    ]);
  });

  test("is announced a month before", () => {
    expect(findingsOn("2027-01-10").map(({ id, why }) => [id, why])).toEqual([
      ["grant-expiring", "the grant to role/shop-batch expires on 2027-01-31, in 21 days"],
    ]);
    expect(findingsOn("2026-12-01")).toEqual([]);
  });

  test("stays without a day to plan for, so that the same map gives the same plan", () => {
    expect(findingsOn(undefined)).toEqual([]);
  });
});

describe("many mistakes at once", () => {
  const broken = baseMapWith(
    ["organizations/acme.yaml", '"210000000001"', "210000000001"],
    ["organizations/acme.yaml", "homeRegion: us-east-1", "homeregion: us-east-1"],
    ["organizations/acme.yaml", "ou-ab12-22000000", "ou-dev"],
    ["zones.yaml", "topology: centralized", "topology: central"],
    ["zones.yaml", "breakGlass: role/PciKeyBreakGlass", "breakGlass: role/PciKeyAdministrator"],
    ["zones.yaml", "ous: [Core, Agencies]", "ous: [Core, Agencys]"],
    ["zones.yaml", "bucket: acme-orgkeys-pci", "bucket: acme-orgkeys-corporate"],
    ["data-classes.yaml", "rotationDays: 180", "rotationDays: 30"],
    ["data-classes.yaml", "internal: {key: aws-managed}", "internal: {key: aws-manged}"],
    ["workloads/payments.yaml", "role/payments-api", "payments-api"],
    ["workloads/payments.yaml", "  owner: payments-platform\n", ""],
    ["workloads/payments.yaml", "account: payments-prod", "account: payments-prd"],
    ["workloads/shop.yaml", "replicas: [us-west-2]", "replicas: [us-east-1]"],
    ["workloads/shop.yaml", "grantee: role/shop-batch", 'grantee: "account:billing-prod"'],
    ["workloads/shop.yaml", "  alias:", "  aliass:"],
    ["workloads/shop.yaml", "via: [s3, rds]", "via: [s3, rdss]"],
  );

  test("are all reported, by file, line and column", () => {
    expect(linesFor(broken)).toEqual([
      "config/data-classes.yaml:2:17  internal.key: must be one of customer-managed, aws-owned, aws-managed, got aws-manged; did you mean aws-managed?",
      "config/data-classes.yaml:9:17  regulated.rotationDays: must be a whole number of days from 90 to 2560, got 30; choose one in that range or leave the field out",
      "config/organizations/acme.yaml:4:1  homeregion: is not a known field; did you mean homeRegion?",
      "config/organizations/acme.yaml:25:22  ous.Workloads.ous.Prod.accounts.shop-prod: must be a 12-digit account id in quotes, got 210000000001; put it in quotes: YAML reads bare digits as a number and drops leading zeros",
      "config/organizations/acme.yaml:28:13  ous.Workloads.ous.Dev.id: must be an OU id, got ou-dev; copy it, as in ou-ab12-20000000",
      "config/workloads/payments.yaml:1:1  payments.owner: is missing; add it (text: the team that answers for this workload; the tag Owner)",
      "config/workloads/payments.yaml:5:16  payments.environments.prod.account: is not an account of this map, got payments-prd; did you mean payments-prod?",
      "config/workloads/payments.yaml:7:23  payments.environments.prod.use.0.principal: must be role/NAME, user/NAME, permission-set/NAME, ACCOUNT:role/NAME, account:NAME, ou:PATH or the ARN of a role, user or account root, got payments-api; write it as in role/shop-api",
      "config/workloads/shop.yaml:5:3  shop.aliass: is not a known field; did you mean alias?",
      "config/workloads/shop.yaml:9:18  shop.environments.prod.replicas.0: is the Region of the key itself, got us-east-1; drop it: a replica is in another Region",
      'config/workloads/shop.yaml:18:21  shop.environments.prod.grants.0.grantee: must be one role or user, got "account:billing-prod"; a grant has one grantee: name it, or make one grant each',
      "config/workloads/shop.yaml:36:76  wiki.environments.dev.use.0.via.1: is not a service that uses keys for its callers, got rdss; did you mean rds?",
      "config/zones.yaml:18:13  pci.topology: must be one of centralized, decentralized, hybrid, got central; did you mean centralized?",
      "config/zones.yaml:20:15  pci.breakGlass: is also an administrator, got role/PciKeyAdministrator; name another role: who manages keys every day must not be able to destroy them",
      "config/zones.yaml:23:24  pci.state.s3.bucket: is already the state bucket of zone corporate, got acme-orgkeys-corporate; state tells about keys and policies: give each zone a bucket of its own",
      "config/zones.yaml:26:15  government.ous.1: is not an OU of organization acme-gov, got Agencys; did you mean Agencies?",
    ]);
  });

  test("are reported the same in whatever order the files are read", () => {
    const backwards = [...broken].sort(([a], [b]) => nameOrder(b, a));
    expect(linesFor(new Map(backwards))).toEqual(linesFor(broken));
  });
});

describe("a mistake in one entry", () => {
  test("hides nothing in its neighbours", () => {
    const lines = linesFor(
      baseMapWith(
        [
          "workloads/shop.yaml",
          "[encrypt, decrypt], encryptionContext: {app: shop}}",
          "[encript], encryptionContext: {app: shop}}",
        ],
        ["workloads/shop.yaml", "principal: billing-prod:role/invoices", "principal: biling-prod:role/invoices"],
        [
          "workloads/shop.yaml",
          "{principal: role/shop-api, operations: [encrypt, decrypt], via: [s3]}",
          "{principal: role/shop-api, via: [s3]}",
        ],
        ["workloads/shop.yaml", "profile: cloudtrail", "profile: cloudtrial"],
        ["workloads/shop.yaml", "expires: 2027-01-31", "expires: tomorrow, regions: [eu-west-1]"],
        [
          "workloads/shop.yaml",
          "account: shop-dev\n      use:\n        - {principal: role/shop-api",
          "account: shop-dev\n      use:\n        - {principal: roll/shop-api",
        ],
      ),
    );
    expect(lines).toEqual([
      "config/workloads/shop.yaml:11:51  shop.environments.prod.use.0.operations.0: must be one of encrypt, decrypt, sign, verify, generate-mac, verify-mac, derive-shared-secret, get-public-key, describe, grant-to-aws-services, got encript; did you mean encrypt?",
      "config/workloads/shop.yaml:12:22  shop.environments.prod.use.1.principal: names account biling-prod, which is not in this map, got biling-prod:role/invoices; did you mean billing-prod?",
      "config/workloads/shop.yaml:14:11  shop.environments.prod.use.2.operations: is missing; add it (a list: what the principal may do with the key)",
      "config/workloads/shop.yaml:16:21  shop.environments.prod.services.0.profile: is not a service profile, got cloudtrial; did you mean cloudtrail?",
      "config/workloads/shop.yaml:18:70  shop.environments.prod.grants.0.expires: must be a day of the calendar, got tomorrow; write it as in 2027-01-31",
      "config/workloads/shop.yaml:18:90  shop.environments.prod.grants.0.regions.0: must be a Region of the key (us-east-1, us-west-2), got eu-west-1; add it to replicas first, or drop it here",
      "config/workloads/shop.yaml:28:23  shop.environments.dev.use.0.principal: must be role/NAME, user/NAME, permission-set/NAME, ACCOUNT:role/NAME, account:NAME, ou:PATH or the ARN of a role, user or account root, got roll/shop-api; did you mean role/?",
    ]);
  });

  test("that takes a list entry with it does not shift the places of those behind it", () => {
    expect(
      linesFor(
        baseMapWith(
          [
            "workloads/shop.yaml",
            "{principal: role/shop-api, operations: [encrypt, decrypt], encryptionContext",
            "{principal: [x], operations: [encrypt, decrypt], encryptionContext",
          ],
          ["workloads/shop.yaml", "principal: billing-prod:role/invoices", "principal: biling-prod:role/invoices"],
          [
            "workloads/shop.yaml",
            "operations: [encrypt, decrypt], via: [s3]}",
            "operations: [encrypt, decrypt], via: [s33]}",
          ],
        ),
      ),
    ).toEqual([
      "config/workloads/shop.yaml:11:23  shop.environments.prod.use.0.principal: must be text, got a list; write one value",
      "config/workloads/shop.yaml:12:22  shop.environments.prod.use.1.principal: names account biling-prod, which is not in this map, got biling-prod:role/invoices; did you mean billing-prod?",
      "config/workloads/shop.yaml:14:76  shop.environments.prod.use.2.via.0: is not a service that uses keys for its callers, got s33; did you mean s3?",
    ]);
  });

  test("in a zone's OU does not put every account below into no zone", () => {
    expect(
      linesFor(baseMapWith(["zones.yaml", "[Security, Workloads, Suspended]", "[Security, Workload, Suspended]"])),
    ).toEqual([
      "config/zones.yaml:3:19  corporate.ous.1: is not an OU of organization acme, got Workload; did you mean Workloads?",
    ]);
  });

  test("that takes an organization with it says nothing about those who name its accounts", () => {
    expect(linesFor(baseMapWith(["organizations/acme.yaml", "partition: aws", "partition: amazon"]))).toEqual([
      "config/organizations/acme.yaml:3:12  partition: must be one of aws, aws-us-gov, aws-cn, got amazon; choose one",
    ]);
  });

  test("that takes a zone with it says nothing about its accounts", () => {
    expect(
      linesFor(baseMapWith(["zones.yaml", "regions: [us-east-1, us-west-2]\n  state", "regions: everywhere\n  state"])),
    ).toEqual(["config/zones.yaml:11:12  corporate.regions: must be a list, got everywhere; write [everywhere]"]);
  });

  test("of syntax is the only one of its file, and the others are read on", () => {
    expect(
      linesFor(
        baseMapWith(
          [
            "organizations/acme.yaml",
            "regions: [us-east-1, us-west-2, eu-west-1]",
            "regions: [us-east-1, us-west-2, eu-west-1",
          ],
          ["zones.yaml", "topology: centralized", "topology: central"],
          ["zones.yaml", "ous: [Core, Agencies]", "ous: [Core, Agencys]"],
          ["workloads/payments.yaml", "dataClass: regulated", "dataClass: regulatd"],
        ),
      ),
    ).toEqual([
      "config/organizations/acme.yaml:6:1  comes before the end of the list that is open here; close the list with ], or indent what belongs to it",
      "config/workloads/payments.yaml:3:14  payments.dataClass: is not a data class, got regulatd; did you mean regulated?",
      "config/zones.yaml:18:13  pci.topology: must be one of centralized, decentralized, hybrid, got central; did you mean centralized?",
      "config/zones.yaml:26:15  government.ous.1: is not an OU of organization acme-gov, got Agencys; did you mean Agencies?",
    ]);
  });
});
