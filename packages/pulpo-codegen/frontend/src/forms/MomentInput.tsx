import { DatePicker } from "antd";
import dayjs from "dayjs";

import { moment, ZONE } from "@/values/time";

interface MomentInputProps {
  id?: string;
  label: string;
  withTime: boolean;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  disabled?: boolean;
}

/** A day, or a moment in the time of this machine, which is sent with its offset. */
export function MomentInput({ id, label, withTime, value, onChange, disabled }: MomentInputProps) {
  const chosen = value ? (withTime ? moment(value) : dayjs(value)) : null;
  return (
    <DatePicker
      id={id}
      aria-label={label}
      title={withTime ? `Time zone: ${ZONE}` : undefined}
      style={{ width: "100%" }}
      showTime={withTime && { format: "HH:mm:ss" }}
      format={withTime ? "YYYY-MM-DD HH:mm:ss" : "YYYY-MM-DD"}
      value={chosen?.isValid() ? chosen : null}
      disabled={disabled}
      onChange={(next) =>
        onChange(next ? (withTime ? next.format("YYYY-MM-DDTHH:mm:ss.SSSZ") : next.format("YYYY-MM-DD")) : undefined)
      }
      // Enter chooses a day; it would submit the form as well.
      onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
    />
  );
}
