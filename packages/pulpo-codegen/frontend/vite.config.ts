import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { dependencies } from "./package.json";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// In a project this folder is run_cache/generated_frontend/, and overrides/ui/ is the user's.
const overrides = at("../../overrides/ui/index.ts");

export default defineConfig({
  plugins: [react()],
  // Relative, so that the same files work below any path prefix: the server sets <base>.
  base: "./",
  resolve: {
    alias: {
      "@project/overrides": existsSync(overrides) ? overrides : at("src/overrides/none.ts"),
      "@": at("src"),
      // What libraries ask for and this UI never calls, or the browser does as well.
      "markdown-to-jsx/react": at("src/absent/markdown.tsx"),
      "object-inspect": at("src/absent/inspect.ts"),
      "fast-uri": at("src/absent/uri.ts"),
      papaparse: at("src/absent/papaparse.ts"),
    },
    // What overrides import is found here: their folder has no packages of its own.
    dedupe: Object.keys(dependencies),
  },
  // The API serves a project's own build in the place of Pulpo's.
  build: {
    outDir: existsSync(overrides) ? at("../../overrides/ui/dist") : "dist",
    emptyOutDir: true,
    chunkSizeWarningLimit: 2500,
    modulePreload: { polyfill: false },
  },
  // `npm run dev` talks to a running API: `./main api`.
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/api", "/health", "/selfaware", "/ui-config.json"].map((path) => [
        path,
        { target: process.env.PULPO_API ?? "http://127.0.0.1:8000", changeOrigin: false },
      ]),
    ),
  },
});
