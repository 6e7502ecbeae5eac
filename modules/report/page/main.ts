import { unpackPage } from "../unpack-page";
import { h } from "./elements";
import { readModel } from "./model";
import { openShell } from "./shell";
import { restoreTheme } from "./theme";

restoreTheme();
const root = document.getElementById("page") ?? document.body.appendChild(h("div", { id: "page" }));
const data = unpackPage(JSON.parse(document.getElementById("data")?.textContent ?? "null"));
document.body.dataset.accounts = String(data.accounts.length);
openShell(root, readModel(data));
