import { Typography } from "antd";

/** A text with a button that copies it. */
export const Copyable = ({ text }: { text: string }) => (
  <Typography.Text copyable className="mono">{text}</Typography.Text>
);
