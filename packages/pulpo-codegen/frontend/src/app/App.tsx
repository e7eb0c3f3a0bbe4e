import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "react-router";

import { queries } from "@/api/queries";

import { router } from "./routes";

/** What was read, and the pages. */
export function App() {
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
