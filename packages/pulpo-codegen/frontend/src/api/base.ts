/** Where the application is served: the server writes it into the page as `<base>`. */
const base = new URL(document.baseURI);

/** The path that every page begins with, without a slash at its end: "" or "/shop". */
export const basename = base.pathname.replace(/\/$/, "");

/** The address of a path of the API such as "/api/orders", below the same prefix as the page. */
export function urlOf(path: string): URL {
  return new URL(path.replace(/^\//, ""), base);
}
