const key = (model: string) => `pulpo.columns.${model}`;

/** The columns that were chosen for a model on this machine last. */
export function rememberedColumns(model: string): string[] | null {
  return localStorage.getItem(key(model))?.split(",").filter(Boolean) ?? null;
}

export function rememberColumns(model: string, columns: string[] | null): void {
  if (columns) localStorage.setItem(key(model), columns.join(","));
  else localStorage.removeItem(key(model));
}
