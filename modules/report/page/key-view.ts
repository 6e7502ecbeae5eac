import type { PageKey } from "../page-data";
import { accessTable } from "./access-table";
import { h, s } from "./elements";
import { stepTag } from "./keys-view";
import { accountOf, at, type Model, ouLabel, zoneName } from "./model";
import type { ViewMaker } from "./page";
import { chips, empty, facts, figures, heading, hueOf, severityTag, zoneTag } from "./pieces";
import { formatHash } from "./state";
import { count, counted, money } from "./words";

const MOST_ROWS = 200;

/** One key: where it is, who can do what with it, where it comes from in the map, and what is said of it. */
export const keyView: ViewMaker = (page, host, state) => {
  const { model } = page;
  const index = model.keyById.get(state.subject);
  if (index === undefined) {
    host.append(
      heading("No such key"),
      empty(`This report has no key ${state.subject}. `, h("a", { href: formatHash("keys") }, "All keys")),
    );
    return {};
  }
  const key = at(model.data.keys, index);
  const account = accountOf(model, key);
  const rows = at(model.accessOfKey, index);
  const principals = new Set(rows.map((row) => at(model.data.access, row)[0])).size;
  host.append(
    h(
      "p",
      { class: "crumbs" },
      h("a", { href: formatHash("keys") }, "Keys"),
      " / ",
      h(
        "a",
        { href: formatHash("keys", "", [["zone", zoneName(model.data, key.zone)]]) },
        zoneName(model.data, key.zone),
      ),
    ),
    heading(
      key.alias || key.id,
      zoneTag(model, key.zone, true),
      " ",
      h("span", {}, `${account.name} `, h("code", {}, account.id)),
      " ",
      stepTag(key.step),
    ),
    h(
      "div",
      { class: "sheet" },
      figures([
        ["Principals", String(principals)],
        ["Replicas", String(key.replicas.length)],
        ["Grants", String(key.grants)],
        ["Rotation", key.rotationDays === null ? "none" : `${key.rotationDays} d`],
        ["Deletion window", key.deletionWindowDays === null ? "none" : `${key.deletionWindowDays} d`],
        ["US$ a month", money(key.cost)],
      ]),
      laidOver(model, index),
      findingsOn(model, index),
      h("section", {}, h("h2", {}, "Regions"), regionsDrawing(key)),
      h(
        "section",
        {},
        h("h2", {}, "Who can do what"),
        rows.length === 0
          ? empty("Nobody is named.")
          : [
              accessTable(model, rows.slice(0, MOST_ROWS), "principal"),
              h(
                "p",
                {},
                h(
                  "a",
                  { href: formatHash("access", "", [["key", key.id]]) },
                  rows.length > MOST_ROWS
                    ? `All ${counted(rows.length, "row")} of access`
                    : "Search and filter this access",
                ),
              ),
            ],
      ),
      h(
        "section",
        {},
        h("h2", {}, "About it"),
        facts([
          ["Owner", key.owner || "unknown"],
          ["Workload", `${key.workload}${key.environment ? `, ${key.environment}` : ""}`],
          ["Data class", key.dataClass || "unknown"],
          ["Spec", h("code", {}, key.spec)],
          ["Key policy", `${count(key.policyBytes)} bytes`],
          ...(key.enabled ? [] : [["Enabled", h("span", { class: "over" }, "no")] as const]),
          ["OU", ouLabel(model.data, at(model.data.ous, account.ou))],
          ["Aliases", chips(key.aliases)],
          ["Stack", h("code", {}, key.stack)],
          ["Address", h("code", {}, key.address)],
          [
            "In the map",
            key.sources.length === 0
              ? "unknown"
              : h(
                  "ul",
                  { class: "plain-list" },
                  key.sources.map((source) => h("li", {}, h("code", {}, source))),
                ),
          ],
        ]),
      ),
    ),
  );
  return {};
};

/** The primary and its replicas, joined. */
function regionsDrawing({ zone, region, replicas, replicaSteps, alias }: PageKey): HTMLElement {
  const names = [region, ...replicas];
  const step = 176;
  const width = 150;
  const drawing = s(
    "svg",
    {
      class: "regions",
      "data-hue": hueOf(zone),
      role: "img",
      "aria-label":
        replicas.length === 0
          ? `${alias} is in ${region} alone`
          : `${alias}: primary in ${region}, replicas in ${replicas.join(", ")}`,
      width: names.length * step,
      height: 60,
      viewBox: `0 0 ${names.length * step} 60`,
    },
    names
      .slice(1)
      .map((_, index) =>
        s("line", { x1: index * step + width, x2: (index + 1) * step, y1: 30, y2: 30, class: "link" }),
      ),
    names.map((name, index) =>
      s(
        "g",
        { transform: `translate(${index * step + 1} 6)` },
        s("rect", { width: width - 2, height: 48, rx: 6, class: index === 0 ? "primary" : "replica" }),
        s("text", { x: 14, y: 21, class: "region" }, name),
        s(
          "text",
          { x: 14, y: 37, class: "role" },
          index > 0
            ? ["replica", ...replicaSteps.filter(([where]) => where === name).map(([, step]) => step)].join(", ")
            : replicas.length > 0
              ? "primary"
              : "single Region",
        ),
      ),
    ),
  );
  return h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Regions" }, drawing);
}

function laidOver(model: Model, index: number): HTMLElement | false {
  const changes = model.overlay.ofKey.get(index) ?? [];
  return (
    changes.length > 0 &&
    h(
      "section",
      {},
      h("h2", {}, "Laid over"),
      h(
        "ul",
        { class: "laid" },
        changes.map(({ id, risk, what, access }) =>
          h(
            "li",
            {},
            severityTag(risk),
            " ",
            h("strong", {}, id),
            ` ${what}`,
            access.length > 0 &&
              h(
                "ul",
                {},
                access.map((line) => h("li", {}, line)),
              ),
          ),
        ),
      ),
    )
  );
}

function findingsOn({ data }: Model, index: number): HTMLElement | false {
  const found = data.findings.flatMap((finding, place) => (finding.key === index ? [{ ...finding, place }] : []));
  return (
    found.length > 0 &&
    h(
      "section",
      {},
      h("h2", {}, "Findings"),
      h(
        "ul",
        { class: "laid" },
        found.map(({ id, severity, why, whatToDo, exception, place }) =>
          h(
            "li",
            {},
            severityTag(exception === null ? severity : "accepted"),
            " ",
            h("a", { href: formatHash("findings", "", [["open", String(place)]]) }, id),
            ` ${why}`,
            h(
              "p",
              { class: "todo" },
              exception === null ? whatToDo : `Accepted by exception ${at(data.exceptions, exception).name}`,
            ),
          ),
        ),
      ),
    )
  );
}
