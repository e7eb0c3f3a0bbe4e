import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { ahead } from "@/app/ahead";
import { App } from "@/app/App";
import { StartFailed } from "@/app/StartFailed";
import { keepPainted } from "@/controls/colorScheme";
import { soon } from "@/controls/soon";

import "@/controls/controls.css";
import "@/app/app.css";

/** One drawing with everything in it is sooner than several; what is slow is not waited for. */
const PATIENCE_MS = 400;

keepPainted();

const root = createRoot(document.getElementById("root") as HTMLElement);
const waited = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));

ahead.config.then(
  async ({ title }) => {
    document.title = title;
    await Promise.race([ahead.data, waited]);
    root.render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
    soon(() => import("@/controls/OpenMenu"));
  },
  (error: unknown) => root.render(<StartFailed reason={String(error)} />),
);
