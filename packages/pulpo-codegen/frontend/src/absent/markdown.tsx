import type { ReactNode } from "react";

/** In the place of `markdown-to-jsx`, which @rjsf/core asks for: our templates show texts as they are. */
export const Markdown = ({ children }: { children?: ReactNode }) => <>{children}</>;
