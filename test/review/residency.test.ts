import { describe, expect, test } from "@jest/globals";
import { compareResidency } from "../../modules/review/residency";
import type { Json } from "../checks/sample-output";
import { ledger, small } from "../checks/small-output";
import { comparedEdit, told } from "./compared";

/** A replica beside that of us-west-2, in a Region of a provider of its own. */
function replicate(region: string): (json: Json) => void {
  return (json) => {
    const [provider] = json.provider.aws;
    json.provider.aws.push({ ...provider, alias: region, region });
    const replicas = json.resource.aws_kms_replica_key;
    replicas[`ledger_${region}`] = { ...replicas[ledger.replica], provider: `aws.${region}` };
  };
}

describe("where keys are", () => {
  test("is nobody's news where nothing comes to a Region that is not the zone's", () => {
    expect(comparedEdit(compareResidency, small, ledger.stack, () => {})).toEqual([]);
  });

  test("is told of a replica in a Region that is not the zone's", () => {
    const changes = comparedEdit(compareResidency, small, ledger.stack, replicate("eu-west-1"));
    expect(told(changes)).toEqual([
      "high key-outside-residency eu-west-1: is replicated to eu-west-1, where zone corporate may have no replica: its Regions are us-east-1 and us-west-2",
    ]);
    expect(changes[0]?.place.regions).toEqual(["eu-west-1"]);
  });

  test("is told once: not of what was there before the change", () => {
    const before = small.edit(ledger.stack, replicate("eu-west-1"));
    const changes = comparedEdit(compareResidency, before, ledger.stack, (json) => {
      json.resource.aws_kms_key[ledger.key].description = "other";
    });
    expect(changes).toEqual([]);
  });
});
