export type Theme = "light" | "dark";

const REMEMBERED = "orgkeys-theme";

/** The theme that the user chose on this page or an earlier one; else the system's. */
export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme ?? remembered();
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Follows the system until the user chooses. */
export function restoreTheme(): void {
  const chosen = remembered();
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}

export function toggleTheme(): Theme {
  const theme = currentTheme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(REMEMBERED, theme);
  } catch {
    // Browsers refuse storage to files: the choice holds for as long as the page is open.
  }
  return theme;
}

function remembered(): string | undefined {
  try {
    return localStorage.getItem(REMEMBERED) ?? undefined;
  } catch {
    return undefined;
  }
}
