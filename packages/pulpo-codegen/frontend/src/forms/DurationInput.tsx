import { Input } from "antd";
import { useState } from "react";

import { isoDurationOf, isoDurationText } from "@/values/isoDuration";

interface DurationInputProps {
  id: string;
  /** ISO 8601, as the API has it. */
  value: string | undefined;
  disabled: boolean | undefined;
  wrong: boolean;
  onChange: (value: string | undefined) => void;
}

/** A length of time, typed as people say it. What is none is handed on as it is, and judged with the rest. */
export function DurationInput({ id, value, disabled, wrong, onChange }: DurationInputProps) {
  // What is typed stays as it was typed, for as long as it means the value.
  const [typed, setTyped] = useState<string>();
  const means = (text: string) => (text.trim() === "" ? undefined : (isoDurationOf(text) ?? text));
  const text = typed !== undefined && means(typed) === value ? typed : isoDurationText(value ?? "");
  return (
    <Input
      id={id}
      autoComplete="off"
      placeholder="1 h 30 min"
      value={text}
      disabled={disabled}
      status={wrong ? "error" : undefined}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(means(event.target.value));
      }}
    />
  );
}
