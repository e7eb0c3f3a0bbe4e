import { SearchOutlined } from "@ant-design/icons";
import { Button, Grid, Input, Modal, type InputRef } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";

import type { Capabilities } from "@/api/capabilities";

import { iconOf } from "./icons";
import { menuOf } from "./menu";

const MAC = /mac/i.test(navigator.platform);
const SHOWN = 10;

/** Go to any page by its name: Ctrl+K. */
export function JumpTo({ capabilities }: { capabilities: Capabilities }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef<InputRef>(null);
  const navigate = useNavigate();
  const wide = Grid.useBreakpoint().md;
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
      <Button
        icon={<SearchOutlined />}
        aria-label="Go to …"
        type={wide ? "default" : "text"}
        onClick={() => setOpen(true)}
      >
        {wide && <span className="muted">Go to … {MAC ? "⌘K" : "Ctrl K"}</span>}
      </Button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        footer={null}
        closable={false}
        title={<span className="visually-hidden">Go to a page</span>}
        styles={{ container: { padding: 12 }, header: { margin: 0 } }}
        afterOpenChange={(shown) => shown && input.current?.focus()}
      >
        <Input
          ref={input}
          size="large"
          variant="borderless"
          prefix={<SearchOutlined />}
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
        <div id="jump-to" role="listbox" aria-label="Pages" className="jump">
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
          {found.length === 0 && <div className="jump-entry muted">Nothing is called so.</div>}
        </div>
      </Modal>
    </>
  );
}
