import { describe, expect, test } from "@jest/globals";
import { ZoneBoundaries, type ZoneBoundary } from "../../modules/access/zone-boundary";
import { failReasons, failuresOf } from "../../modules/review/fail-on";
import { type ReviewOutput, reviewOutputs } from "../../modules/review/review-outputs";
import type { Json, Output } from "../checks/sample-output";
import { adding, consumer, ledger, records, small } from "../checks/small-output";
import { linesOf, reviewOf, reviewTexts, sideOf } from "./reviewed";

const reasonsOf = (before: Output, after: Output): string[] =>
  failuresOf(reviewOf(before, after), failReasons).map(({ reason }) => reason);

const outsider = adding(records, { Sid: "Partner", Principal: { AWS: ledger.user } });

describe("a comment that was edited by hand", () => {
  test.each(["guardrails", "rollouts", "direct-rollouts", "anything"])(
    "takes nobody into the zone of a key: %s of another zone",
    (kind) => {
      const commented = small.edit(records.stack, (json) => {
        Object.assign(json["//"].orgkeys, { kind, zone: "corporate" });
      });
      expect(reviewOf(commented, outsider(commented)).changes.map(({ id }) => id)).toEqual(["access-gained-outside"]);
    },
  );

  test("calls neither a key nor an account by another name", () => {
    const after = outsider(small).edit(records.stack, (json) => {
      json["//"].orgkeys.account = "sandbox";
      for (const key of Object.values<Json>(json["//"].orgkeys.keys)) key.alias = "alias/scratch";
    });
    const places = reviewOf(small, after).changes.map(({ place }) => `${place.resource} in ${place.account}`);
    expect(new Set(places)).toEqual(new Set(["alias/records-prod in clinic"]));
  });
});

describe("an output that was not synthesized anew", () => {
  test("is in the zone that the map gives it", () => {
    const { zones } = small.rules;
    const corporate = zones.named("corporate");
    if (corporate === undefined) throw new Error("there is no zone corporate");
    const moved = zones.withAccount(corporate, records.account, "clinic").zones;
    expect(linesOf(reviewTexts(small.texts, small.texts, moved, zones))).toEqual([
      "critical zone-changed account clinic goes from zone health to zone corporate, with 1 key (alias/records-prod): what zone health encrypted would be in zone corporate",
    ]);
  });
});

describe("a zone that grows in the map alone", () => {
  const { zones } = small.rules;
  const zone = zones.named("health");
  if (zone === undefined) throw new Error("there is no zone health");
  const linesWith = (after: ZoneBoundaries): string[] =>
    linesOf(reviewTexts(small.texts, small.texts, after, zones)).filter((line) => line.includes("zone-changed"));
  const grown = (change: Partial<ZoneBoundary>): ZoneBoundaries =>
    new ZoneBoundaries(zones.all.map((each) => (each === zone ? { ...zone, ...change } : each)));
  const ou = { id: "ou-ab12-99999999", path: "Partners", idPath: "o-a1b2c3d4e5/r-ab12/ou-ab12-99999999/" };

  test.each<[string, ZoneBoundaries, string]>([
    [
      "an account that nobody had heard of",
      zones.withAccount(zone, "666666666666", "partner").zones,
      "high zone-changed account partner is new in zone health: whoever is in it is inside of the zone",
    ],
    [
      "an account of another zone",
      zones.withAccount(zone, "210000000001", "shop-prod").zones,
      "high zone-changed account shop-prod goes from zone corporate to zone health: what zone corporate encrypted would be in zone health",
    ],
    [
      "an OU",
      grown({ wholeOus: [...zone.wholeOus, ou] }),
      "high zone-changed OU Partners (ou-ab12-99999999) is new in zone health: whatever is in it is inside of the zone",
    ],
    [
      "a Region",
      grown({ regions: [...zone.regions, "eu-north-1"] }),
      "high zone-changed zone health may have keys and replicas in eu-north-1 as well",
    ],
  ])("is told: %s", (_, after, line) => {
    expect(linesWith(after)).toEqual([expect.stringContaining(line.split(":")[0] ?? "")]);
    const review = reviewTexts(small.texts, small.texts, after, zones);
    expect(failuresOf(review, ["zone"]).map(({ of }) => of.includes("zone health"))).toEqual([true]);
  });
});

describe("a state of two stacks", () => {
  const shared = (others: string): string =>
    `keeps its state where ${others} has it: a run of either destroys what the other has made, keys among it`;

  test("is told of the one that is new", () => {
    const copied: Json = JSON.parse(small.texts.get(records.stack) ?? "");
    const after = small.withText("acme.copy", JSON.stringify({ ...copied, resource: {}, locals: {}, output: {} }));
    expect(linesOf(reviewOf(small, after))).toContain(
      `critical state-moved account clinic ${shared("acme.health.clinic")}`,
    );
    expect(reasonsOf(small, after)).toEqual(["zone", "replacement"]);
    expect(linesOf(reviewOf(after, after))).toEqual([]);
  });

  test("is told of the one whose state moves there, however the place is written", () => {
    const local = (path: string) => (json: Json) => {
      json.terraform.backend = { local: { path } };
    };
    const before = small.edit(records.stack, local("../state/clinic.tfstate"));
    const after = before.edit(ledger.stack, local("./x/../../state/clinic.tfstate"));
    expect(linesOf(reviewOf(before, after))).toContain(
      `critical state-moved account keys ${shared("acme.health.clinic")}`,
    );
  });
});

describe("a consumer policy that nobody has any longer", () => {
  test("is compared, as it may be attached again", () => {
    const after = small.edit(consumer.stack, (json) => {
      const [id] = Object.keys(json.resource.aws_iam_role_policy_attachment);
      const policy = json.resource.aws_iam_role_policy_attachment[id ?? ""].policy_arn.split(".")[1];
      delete json.resource.aws_iam_role_policy_attachment[id ?? ""];
      const [, local] = /local\.([\w-]+)/.exec(json.resource.aws_iam_policy[policy].policy) ?? [];
      json.locals[local ?? ""].Statement.push({ Sid: "All", Effect: "Allow", Action: "kms:*", Resource: "*" });
    });
    expect(reviewOf(small, after).changes.map(({ id, risk }) => `${risk} ${id}`)).toEqual([
      "critical access-gained-outside",
      "medium consumer-policy-detached",
    ]);
  });
});

describe("the provider that was chosen", () => {
  const sideWith = (lock: string | undefined): ReviewOutput => ({
    ...sideOf(small.texts, "side"),
    besideOf: (stack) => new Map(lock === undefined || stack !== records.stack ? [] : [[".terraform.lock.hcl", lock]]),
  });
  const told = (before: string | undefined, after: string | undefined): string[] => {
    const { zones } = small.rules;
    const settings = { zones, zonesBefore: zones, today: undefined };
    return linesOf(reviewOutputs(sideWith(before), sideWith(after), settings));
  };

  test("is told where both sides have chosen, as terraform init chooses wherever it runs", () => {
    expect(told("a", "b")).toEqual([
      "medium other-changed account clinic has other providers chosen in .terraform.lock.hcl: their versions, or what they must be to the byte",
    ]);
    expect([told("a", "a"), told("a", undefined), told(undefined, "a")]).toEqual([[], [], []]);
  });
});

describe("--fail-on", () => {
  test("replacement stops at a stack that is gone with its keys", () => {
    expect(reasonsOf(small, small.without(records.stack))).toEqual(["replacement"]);
  });
});
