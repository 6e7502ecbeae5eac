import type { ChangePlace } from "../../modules/access/access-change";
import type { Policy } from "../../modules/access/policy-statement";
import { readPolicy } from "../../modules/access/read-policy";
import { ZoneBoundaries, type ZoneBoundary } from "../../modules/access/zone-boundary";
import { small } from "../checks/small-output";

const [template] = small.rules.zones.all;
if (template === undefined) throw new Error("the small organization has no zone");

function zoneOf(name: string, accountId: string, ou: string): ZoneBoundary {
  const whole = { id: ou, path: name, idPath: `o-a1b2c3d4e5/r-ab12/${ou}/` };
  return { ...(template as ZoneBoundary), name, accounts: new Map([[accountId, name]]), wholeOus: [whole], ownOus: [] };
}

const own = zoneOf("own", "111111111111", "ou-ab12-11111111");
const other = zoneOf("other", "222222222222", "ou-ab12-22222222");

/** A key of account 111111111111, in a zone of its own; 222222222222 is in another, and 333333333333 in none. */
export const changePlace: ChangePlace = {
  region: "us-east-1",
  partition: "aws",
  zone: own,
  zones: new ZoneBoundaries([own, other]),
};

export function readKeyPolicy(document: unknown): Policy {
  return readPolicy(document, { document: "policy", path: "" }, "key").policy;
}
