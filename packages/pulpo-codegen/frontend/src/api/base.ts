/** Where the application is served: the server writes it into the page as `<base>`. */
const base = new URL(document.baseURI);

/** The path that every page begins with: "/", or "/shop/" below a prefix. The start page is at it. */
export const basename = base.pathname;

/** The start page has one address: "/shop" is "/shop/", which a proxy knows as well. */
export function settleStart(): void {
  const { pathname, search, hash } = window.location;
  if (`${pathname}/` === basename) window.history.replaceState(null, "", basename + search + hash);
}

/** The address of a path of the API such as "/api/orders", below the same prefix as the page. */
export function urlOf(path: string): URL {
  return new URL(path.replace(/^\//, ""), base);
}
