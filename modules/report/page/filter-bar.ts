import { h } from "./elements";
import type { Page } from "./page";
import type { PageState } from "./state";
import { compareText } from "./words";

export interface Filter {
  /** Of the parameter in the address. */
  readonly name: string;
  readonly label: string;
  readonly values: readonly string[];
  /** Too many to choose from without typing. */
  readonly typed?: boolean;
}

interface FilterBar {
  readonly element: HTMLElement;
  /** Shows what the address says. */
  readonly sync: (state: PageState) => void;
  readonly tell: (count: string) => void;
}

/** Search, filters and how much is left by them. */
export function filterBar(page: Page, search: string, filters: readonly Filter[]): FilterBar {
  const input = h("input", {
    id: "search",
    type: "search",
    placeholder: `${search}…`,
    "aria-label": search,
    autocomplete: "off",
    spellcheck: "false",
    input: () => page.refine({ q: input.value }, "type"),
  });
  const fields = filters.map((filter) => ({
    filter,
    field: filter.typed ? typedField(page, filter) : choice(page, filter),
  }));
  const output = h("span", { class: "result" });
  const clear = h(
    "button",
    {
      type: "button",
      class: "quiet clear",
      click: () =>
        page.refine(Object.fromEntries(["q", ...filters.map(({ name }) => name)].map((name) => [name, ""])), "choose"),
    },
    "Clear",
  );
  const element = h(
    "div",
    { class: "filters", role: "search", "aria-label": "Filters" },
    h("div", { class: "search" }, input, h("kbd", { "aria-hidden": "true" }, "/")),
    fields.map(({ filter, field }) => h("label", { class: "filter" }, h("span", {}, filter.label), field)),
    clear,
    output,
  );
  return {
    element,
    sync: ({ query }) => {
      const wanted = query.get("q") ?? "";
      if (input.value !== wanted) input.value = wanted;
      for (const { filter, field } of fields) {
        const value = query.get(filter.name) ?? "";
        // A link may ask for what is not in this report: it is shown as what it asks for, and finds nothing.
        if (field instanceof HTMLSelectElement && value !== "" && !filter.values.includes(value))
          field.append(new Option(value));
        if (field.value !== value) field.value = value;
        field.classList.toggle("set", value !== "");
      }
      clear.hidden = wanted === "" && filters.every(({ name }) => !query.has(name));
    },
    tell: (count) => {
      output.textContent = count;
      page.say(count);
    },
  };
}

export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].filter(Boolean).sort(compareText);
}

function choice(page: Page, { name, values }: Filter): HTMLSelectElement {
  const select = h(
    "select",
    { change: () => page.refine({ [name]: select.value }, "choose") },
    h("option", { value: "" }, "All"),
    values.map((value) => h("option", { value }, value)),
  );
  return select;
}

function typedField(page: Page, { name, values }: Filter): HTMLInputElement {
  const id = `values-of-${name}`;
  const input = h("input", {
    list: id,
    placeholder: "All",
    autocomplete: "off",
    change: () => page.refine({ [name]: input.value }, "choose"),
  });
  // Options of a list that nobody opens would cost the first view of a large organization.
  input.addEventListener(
    "focus",
    () =>
      input.after(
        h(
          "datalist",
          { id },
          values.map((value) => h("option", { value })),
        ),
      ),
    {
      once: true,
    },
  );
  return input;
}
