import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { kmsActions } from "../../modules/aws/kms-actions";
import { kmsEventNames, untoldKmsEvents } from "../../modules/aws/kms-events";
import { uniqueNames } from "../../modules/aws/name-order";
import type { OrganizationMap, Zone } from "../../modules/organization/organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import { keyEventsBusData, keyEventsBusRegion, keyEventsData } from "../../modules/rollouts/key-events";
import { renderTemplate } from "../../modules/rollouts/render-template";
import type { RenderedTemplate } from "../../modules/rollouts/template";
import { builtInTemplateTexts } from "../../stacks/rollout-templates";
import { planOf, smallSources } from "../stacks/small-organization";
import { rolloutOf } from "./rollout-of";

const { map } = planOf(smallSources());

function zoneOf(name: string): Zone {
  const zone = map.zones.find((each) => each.name === name);
  if (zone === undefined) throw new Error(`there is no zone ${name}`);
  return zone;
}

type Data = (rollout: Rollout, zone: Zone, map: OrganizationMap) => object;

function rendered(name: string, data: Data, rollout: Rollout, zone: Zone): RenderedTemplate {
  const text = builtInTemplateTexts().get(name) ?? "";
  const template = renderTemplate({ text, name }, data(rollout, zone, map), {});
  if ("flaws" in template) throw new Error(JSON.stringify(template.flaws, null, 2));
  return template;
}

function golden(name: string, text: string): string {
  const path = join(__dirname, "golden", name);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, text);
  return readFileSync(path, "utf8");
}

const corporate = zoneOf("corporate");
const health = zoneOf("health");

describe("key events", () => {
  test.each([
    ["corporate-key-events-bus.yaml", "key-events-bus", keyEventsBusData, corporate, { archiveDays: 365 }],
    ["corporate-key-events.yaml", "key-events", keyEventsData, corporate, {}],
    ["health-key-events-bus.yaml", "key-events-bus", keyEventsBusData, health, {}],
  ] as const)("are brought by %s as it was reviewed", (file, name, data, zone, more) => {
    const { text } = rendered(name, data, rolloutOf(map, zone, more), zone);
    expect(text).toBe(golden(file, text));
  });

  test("make one role a Region and the same rules in each, of which two zones' stacks never meet", () => {
    const { creates, capabilities } = rendered("key-events", keyEventsData, rolloutOf(map, health), health);
    expect(creates).toEqual([
      { type: "AWS::Events::Rule", name: "orgkeys-key-events", per: "region" },
      { type: "AWS::Events::Rule", name: "orgkeys-key-events-service", per: "region" },
      { type: "AWS::IAM::Role", name: "orgkeys-key-events-${AWS::Region}", per: "account" },
    ]);
    expect(capabilities).toEqual(["CAPABILITY_NAMED_IAM"]);
  });

  test("are sent from the management account by a role that can do nothing else, whatever policy it is given", () => {
    const roles = rolloutOf(map, corporate, { name: "corporate.access-roles", template: "access-roles" });
    const withRoles = { ...map, rollouts: [roles] };
    const own = rendered(
      "key-events",
      (rollout, zone) => keyEventsData(rollout, zone, withRoles),
      rolloutOf(map, corporate),
      corporate,
    );
    expect(own.document.Resources.Role?.Properties?.PermissionsBoundary).toEqual({
      "Fn::If": [
        "IsManagementAccount",
        { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/orgkeys-key-events-boundary" },
        { Ref: "AWS::NoValue" },
      ],
    });
    const other = rendered(
      "key-events",
      (rollout, zone) => keyEventsData(rollout, zone, withRoles),
      rolloutOf(map, health),
      health,
    );
    expect(other.document.Resources.Role?.Properties).not.toHaveProperty("PermissionsBoundary");
  });

  test("go to a bus in the home Region, whatever the order of the rollout's Regions", () => {
    const { homeRegion } = corporate.organization;
    expect(keyEventsBusRegion(corporate)).toBe(homeRegion);
    const away = corporate.regions.filter((region) => region !== homeRegion);
    expect(keyEventsBusRegion({ ...corporate, regions: away })).toBe(away[0]);
  });

  test("are taken from the zone alone, and from nobody but the roles that bring them", () => {
    const bus = rendered("key-events-bus", keyEventsBusData, rolloutOf(map, corporate), corporate);
    const policies = Object.values(bus.document.Resources).filter(({ Type }) => Type === "AWS::Events::EventBusPolicy");
    expect(policies).toHaveLength(2);
    for (const { Properties } of policies) {
      expect(Properties?.Statement).toMatchObject({
        Action: ["events:PutEvents"],
        Condition: {
          StringEquals: { "aws:PrincipalOrgID": corporate.organization.id },
          ArnLike: {
            "aws:PrincipalArn": [
              `arn:aws:iam::*:role/${corporate.organization.roles.deploy}`,
              "arn:aws:iam::*:role/orgkeys-key-events-*",
              "arn:aws:iam::*:role/stacksets-exec-*",
            ],
          },
          "ForAllValues:StringEquals": { "events:source": ["aws.kms"] },
        },
      });
    }
    expect(JSON.stringify(bus.document)).not.toContain("AWS::Events::Archive");
  });

  test("are told of every action that changes a key, but of those that have a reason not to be", () => {
    const { cryptographic, reading, ...changing } = kmsActions;
    const actions = Object.values(changing)
      .flat()
      .map((action) => action.replace("kms:", ""));
    const told: readonly string[] = kmsEventNames;
    expect(actions.filter((name) => !told.includes(name) && !(name in untoldKmsEvents))).toEqual([]);
    expect(Object.keys(untoldKmsEvents).filter((name) => told.includes(name))).toEqual([]);
    const unwanted: readonly string[] = [...cryptographic, ...reading];
    expect(told.filter((name) => unwanted.includes(`kms:${name}`))).toEqual([]);
    expect(told).toEqual(uniqueNames(told));
  });
});
