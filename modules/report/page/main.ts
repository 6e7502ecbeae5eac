import type { PageData } from "../page-data";

const data: PageData = JSON.parse(document.getElementById("data")?.textContent ?? "null");
document.body.dataset.accounts = String(data.accounts.length);
