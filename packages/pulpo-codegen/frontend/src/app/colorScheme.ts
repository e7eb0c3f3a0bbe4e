import { createContext, useContext, useEffect, useMemo, useState } from "react";

export type Scheme = "light" | "dark";
export type Choice = Scheme | "system";

const KEY = "pulpo.scheme";
const wantsDark = () => window.matchMedia("(prefers-color-scheme: dark)");

interface ColorScheme {
  scheme: Scheme;
  choice: Choice;
  choose: (choice: Choice) => void;
}

export const ColorSchemeContext = createContext<ColorScheme | null>(null);

/** The colours in use, and how to choose others. */
export function useColorScheme(): ColorScheme {
  const found = useContext(ColorSchemeContext);
  if (!found) throw new Error("There is no colour scheme here.");
  return found;
}

/** What the user chose, or what the system says, also when it changes. */
export function useChosenScheme(): ColorScheme {
  const [choice, setChoice] = useState<Choice>(
    () => (localStorage.getItem(KEY) as Choice | null) ?? "system",
  );
  const [system, setSystem] = useState<Scheme>(() => (wantsDark().matches ? "dark" : "light"));
  useEffect(() => {
    const media = wantsDark();
    const changed = () => setSystem(media.matches ? "dark" : "light");
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);
  const scheme = choice === "system" ? system : choice;
  useEffect(() => {
    const page = document.documentElement;
    page.style.colorScheme = scheme;
    page.dataset.scheme = scheme;
  }, [scheme]);
  return useMemo(
    () => ({
      scheme,
      choice,
      choose: (next: Choice) => {
        localStorage.setItem(KEY, next);
        setChoice(next);
      },
    }),
    [scheme, choice],
  );
}
