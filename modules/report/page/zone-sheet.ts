import { h, replace } from "./elements";
import { at, type Model } from "./model";
import { chips, empty, facts, figures, heading, hueOf, proofTag, zoneTag } from "./pieces";
import { costOf } from "./print";
import { formatHash } from "./state";
import { count, counted, money } from "./words";

/** One zone: its wall and what goes through it, what it says of itself, its guardrails and accounts. */
export function zoneSheet(model: Model, host: HTMLElement, zone: number): void {
  const { data } = model;
  const it = at(data.zones, zone);
  const keys = at(model.keysOfZone, zone);
  const accounts = at(model.accountsOfZone, zone);
  const crossings = data.crossings.filter(({ of, from }) => of === zone || from === zone);
  const findings = data.findings.filter((finding) => finding.zone === zone).length;
  const rollouts = data.rollouts.filter((rollout) => rollout.zone === zone);
  const sheet = h("div", { class: "sheet" });
  host.append(
    h("p", { class: "crumbs" }, h("a", { href: formatHash("zones") }, "Zones")),
    heading(
      [h("i", { class: "swatch", "data-hue": hueOf(zone), "aria-hidden": "true" }), " ", it.name],
      proofTag(it.proof),
    ),
    sheet,
  );
  replace(
    sheet,
    figures([
      ["Accounts", count(accounts.length)],
      ["Keys", h("a", { href: formatHash("keys", "", [["zone", it.name]]) }, count(keys.length))],
      ["Findings", h("a", { href: formatHash("findings", "", [["zone", it.name]]) }, count(findings))],
      ["Keys, US$ a month", money(costOf(model, zone))],
    ]),
    h(
      "section",
      {},
      h("h2", {}, "The wall"),
      crossings.length === 0
        ? empty("Nothing goes through it.")
        : h(
            "ul",
            { class: "crossings" },
            crossings.map(({ of, from, exception, what }) =>
              h(
                "li",
                { class: exception === null ? "breach" : "" },
                h(
                  "p",
                  {},
                  from === null && "Somebody ",
                  zoneTag(model, from),
                  h("span", { class: "faint" }, " gets to keys of "),
                  zoneTag(model, of),
                ),
                h("p", {}, what),
                h("small", {}, exception === null ? "Breach: nobody accepts it" : accepted(model, exception)),
              ),
            ),
          ),
    ),
    h(
      "section",
      {},
      h("h2", {}, "About it"),
      facts([
        ["Organization", at(data.organizations, it.organization).name],
        ["Topology", it.topology],
        [
          "Keys live in",
          it.keyManagementAccount === null ? "each account" : at(data.accounts, it.keyManagementAccount).name,
        ],
        ["Administrators", chips(it.administrators)],
        ["Break glass", h("code", {}, it.breakGlass)],
        ["Regions", chips(it.regions)],
        ["Frameworks", chips(it.frameworks)],
        [
          "Rollouts",
          rollouts.length === 0
            ? h("span", { class: "faint" }, "none")
            : h(
                "ul",
                { class: "plain-list" },
                rollouts.map(({ name }) => h("li", {}, h("a", { href: formatHash("rollouts", name) }, name))),
              ),
        ],
      ]),
    ),
    h(
      "section",
      {},
      h("h2", {}, "Guardrails"),
      it.guardrails.length === 0
        ? empty("None.")
        : h(
            "ul",
            { class: "guardrails" },
            it.guardrails.map(({ name, kind, targets }) =>
              h(
                "li",
                {},
                h("strong", {}, name),
                h("span", { class: "faint" }, kind.replace(/-/g, " ")),
                chips(targets, "no OU"),
              ),
            ),
          ),
    ),
    h(
      "section",
      {},
      h("h2", {}, "Accounts"),
      h(
        "ul",
        { class: "columns" },
        accounts.map((account) =>
          h(
            "li",
            {},
            h(
              "a",
              { href: formatHash("organization", "", [["at", at(data.accounts, account).id]]) },
              at(data.accounts, account).name,
            ),
            h("span", { class: "faint" }, ` ${counted(at(model.keysOfAccount, account).length, "key")}`),
          ),
        ),
      ),
    ),
  );
}

function accepted({ data }: Model, exception: number): string {
  const { name, owner, reason, expires } = at(data.exceptions, exception);
  return `Exception ${name} of ${owner}, until ${expires}: ${reason}`;
}
