import { QueryClient } from "@tanstack/react-query";

import { Problem } from "./problem";

/** What was read, for as long as the page is open. An answer that says no is not asked again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) =>
        count < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500),
    },
  },
});
