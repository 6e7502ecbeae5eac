import { expect, test } from "@jest/globals";
import { ownTagNames } from "../../modules/organization/schema/tags-field";
import { planSources } from "../../stacks/load-plan";
import { baseMap, sourcesOf } from "./base-map";

test("the tags that a map must not set are exactly those that every key gets by itself", () => {
  const loaded = planSources(sourcesOf(baseMap()), "config");
  if ("problems" in loaded) throw new Error("the base map is valid");
  const { map, plan } = loaded;
  for (const key of plan.keys) {
    const organization = map.organizations.find(({ name }) => name === key.organization);
    const fromMap = Object.keys(organization?.tags ?? {});
    expect(Object.keys(key.tags).filter((name) => !fromMap.includes(name))).toEqual([...ownTagNames]);
  }
});
