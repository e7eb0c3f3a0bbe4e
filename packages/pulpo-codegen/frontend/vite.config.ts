import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

import { dependencies } from "./package.json";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// In a project this folder is run_cache/generated_frontend/, and overrides/ui/ is the user's.
const overrides = at("../../overrides/ui/index.ts");

/**
 * What asks for the first page's data is a script of its own: it runs while the one that draws is
 * loaded. Nothing that it consists of may need that.
 */
const AHEAD = at("src/app/ahead.ts");
const ITS_PARTS =
  /query-core|src.api.(base|capabilities|config|credentials|documents|http|problem|queries)\.|list.(address|filters)\./;

const ahead: Plugin = {
  name: "ahead",
  transformIndexHtml: {
    order: "post",
    handler(html, { bundle }) {
      const chunk = Object.values(bundle ?? {}).find(
        (file) => file.type === "chunk" && file.facadeModuleId === AHEAD,
      );
      const first = `<script type="module" async crossorigin src="./${chunk?.fileName}"></script>\n    `;
      return chunk ? html.replace(/(?=<script type="module")/, first) : html;
    },
  },
};

export default defineConfig({
  plugins: [react(), ahead],
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
    rolldownOptions: {
      input: [at("index.html"), AHEAD],
      output: {
        codeSplitting: {
          // Few files, not ninety: each is a request of a browser's first visit.
          includeDependenciesRecursively: false,
          groups: [
            { name: "data", test: ITS_PARTS },
            { name: "first", tags: ["$initial"], test: (id) => id !== AHEAD },
            // What several pages draw with is loaded once, and kept when a page of ours changes.
            { name: "components", test: /node_modules/, minShareCount: 9 },
          ],
        },
      },
    },
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
