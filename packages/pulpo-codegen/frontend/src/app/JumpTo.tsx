import SearchOutlined from "@ant-design/icons-svg/es/asn/SearchOutlined";
import { useEffect, useMemo, useState } from "react";
import { useNavigate } from "react-router";

import type { Capabilities } from "@/api/capabilities";

import { Button } from "@/controls/Button";
import { Dialog } from "@/controls/Dialog";
import { Icon } from "@/controls/Icon";
import { iconOf } from "@/controls/icons";

import { menuOf } from "./menu";

const MAC = /mac/i.test(navigator.platform);
const SHOWN = 10;

/** Go to any page by its name: Ctrl+K. */
export function JumpTo({ capabilities }: { capabilities: Capabilities }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const entries = useMemo(() => menuOf(capabilities).flatMap((group) => group.entries), [capabilities]);
  const wanted = text.trim().toLowerCase();
  const found = entries.filter((entry) => entry.label.toLowerCase().includes(wanted)).slice(0, SHOWN);

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen(true);
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);

  const go = (path: string | undefined) => {
    if (!path) return;
    setOpen(false);
    setText("");
    void navigate(path);
  };
  const pressed = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    } else if (event.key === "Enter") go(found[at]?.path);
  };
  return (
    <>
      <Button className="jump-button" icon={SearchOutlined} aria-label="Go to …" onClick={() => setOpen(true)}>
        <span className="wide-only muted">Go to … <kbd>{MAC ? "⌘K" : "Ctrl K"}</kbd></span>
      </Button>
      <Dialog className="jump" label="Go to a page" isOpen={open} onClose={() => setOpen(false)}>
        <label className="jump-input">
          <Icon of={SearchOutlined} />
          <input
            autoFocus
            placeholder="Go to …"
            aria-label="Go to"
            role="combobox"
            aria-expanded
            aria-controls="jump-to"
            aria-activedescendant={found[at] ? `jump-${at}` : undefined}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={pressed}
          />
        </label>
        <div id="jump-to" role="listbox" aria-label="Pages" className="jump-list">
          {found.map((entry, index) => (
            <div
              key={entry.key}
              id={`jump-${index}`}
              role="option"
              aria-selected={index === at}
              className={index === at ? "jump-entry at" : "jump-entry"}
              onMouseEnter={() => setAt(index)}
              onClick={() => go(entry.path)}
            >
              {iconOf(entry.icon)} {entry.label}
            </div>
          ))}
          {found.length === 0 && <div className="jump-entry muted">No page has that name.</div>}
        </div>
      </Dialog>
    </>
  );
}
